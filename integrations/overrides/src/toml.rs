use std::borrow::Cow;

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use crate::{
    document::source,
    file::Lines,
    node::{Fault, Field, Node, Value},
};

source! {
    /// Overrides in TOML.
    ///
    /// Numbers and truth values need no quotes, the rest does: `"10s"`, `"100/s"`, `5`, `0.5`, `true`.
    ///
    /// ```
    /// use mainstay_overrides::Toml;
    /// use mainstay_runtime::overrides::overrides;
    ///
    /// let file = "[kinds.bulkhead]\nlimit = 10\n\n[kinds.bulkhaed]\nlimit = 10\n";
    /// let error = overrides().source(Toml::text("policies.toml", file)).load().unwrap_err();
    /// assert!(error.to_string().contains("policies.toml:5: kinds.bulkhaed.limit: "), "{error}");
    /// ```
    Toml, parse
}

fn parse(text: &str) -> Result<Node, Vec<Fault>> {
    let (root, errors) = DeTable::parse_recoverable(text);
    let reader = Reader { text, lines: Lines::of(text.as_bytes()) };
    if errors.is_empty() {
        return Ok(Node { line: 1, value: reader.table(root.into_inner()) });
    }
    let mut faults: Vec<Fault> = errors
        .iter()
        .map(|error| {
            let line = reader.lines.at(error.span().map_or(0, |span| span.start));
            (line, format!("this is no TOML: {}", error.message()))
        })
        .collect();
    // One slip often makes several errors of one line; the first says it.
    faults.dedup_by_key(|(line, _)| *line);
    Err(faults)
}

struct Reader<'t> {
    text: &'t str,
    lines: Lines,
}

impl Reader<'_> {
    fn table(&self, table: DeTable<'_>) -> Value {
        let field = |(key, value): (Spanned<Cow<'_, str>>, Spanned<DeValue<'_>>)| Field {
            line: self.lines.at(key.span().start),
            key: key.into_inner().into_owned(),
            node: self.node(value),
        };
        let mut fields: Vec<Field> = table.into_iter().map(field).collect();
        fields.sort_by_key(|field| field.line);
        Value::Mapping(fields)
    }

    fn node(&self, value: Spanned<DeValue<'_>>) -> Node {
        let span = value.span();
        let line = self.lines.at(span.start);
        let value = match value.into_inner() {
            DeValue::String(text) => Value::Text(text.into_owned()),
            // As they are written.
            DeValue::Integer(_) | DeValue::Float(_) => {
                Value::Text(self.text.get(span).unwrap_or_default().to_owned())
            }
            DeValue::Boolean(flag) => Value::Text(flag.to_string()),
            DeValue::Datetime(_) => Value::Other("a date"),
            DeValue::Array(_) => Value::Other("a list"),
            DeValue::Table(inner) => self.table(inner),
        };
        Node { line, value }
    }
}
