use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle, Span, StrInput};

use crate::{
    document::source,
    node::{Fault, Field, Node, Value},
};

source! {
    /// Overrides in YAML.
    ///
    /// Values need no quotes: `10s`, `100/s`, `5`, `0.5`, `true`. Aliases, merges, tags, lists and several documents in one file are
    /// refused, a key that stands twice as well.
    ///
    /// ```
    /// use mainstay_overrides::Yaml;
    /// use mainstay_runtime::overrides::overrides;
    ///
    /// let file = "kinds:\n  bulkhead: { limit: 10 }\n  bulkhaed: { limit: 10 }\n";
    /// let error = overrides().source(Yaml::text("policies.yaml", file)).load().unwrap_err();
    /// assert!(error.to_string().contains("policies.yaml:3: kinds.bulkhaed.limit: "), "{error}");
    /// ```
    Yaml, parse
}

/// Deeper than any override lies; what is deeper costs nobody a stack.
const DEEPEST: usize = 16;

fn parse(text: &str) -> Result<Node, Vec<Fault>> {
    Reader { events: Parser::new_from_str(text) }.document().map_err(|fault| vec![fault])
}

struct Reader<'t> {
    events: Parser<'t, StrInput<'t>>,
}

impl<'t> Reader<'t> {
    fn next(&mut self) -> Result<(Event<'t>, Span), Fault> {
        match self.events.next_event() {
            Some(Ok(next)) => Ok(next),
            Some(Err(error)) => {
                let marker = error.marker();
                let info = error.info();
                Err((
                    marker.line().max(1),
                    format!("this is no YAML: {info}, at column {}", marker.col() + 1),
                ))
            }
            None => Ok((Event::StreamEnd, Span::default())),
        }
    }

    /// The one document; an empty text is one with nothing in it.
    fn document(mut self) -> Result<Node, Fault> {
        let mut root = None;
        loop {
            let (event, span) = self.next()?;
            let line = span.start.line().max(1);
            match event {
                Event::StreamEnd => return Ok(root.unwrap_or(Node { line: 1, value: Value::Nothing })),
                Event::DocumentStart(_) if root.is_some() => {
                    return Err((line, "a second document begins here; write all into the first".to_owned()));
                }
                Event::Nothing | Event::StreamStart | Event::DocumentStart(_) | Event::DocumentEnd => {}
                event => root = Some(self.node(event, line, 0)?),
            }
        }
    }

    fn node(&mut self, event: Event<'t>, line: usize, depth: usize) -> Result<Node, Fault> {
        let value = match event {
            Event::Scalar(.., Some(_))
            | Event::MappingStart(_, Some(_))
            | Event::SequenceStart(_, Some(_)) => {
                return Err((line, "tags are not read; leave out what begins with `!`".to_owned()));
            }
            Event::Scalar(text, ScalarStyle::Plain, ..) if is_null(&text) => Value::Nothing,
            Event::Scalar(text, ..) => Value::Text(text.into_owned()),
            Event::MappingStart(..) if depth < DEEPEST => Value::Mapping(self.mapping(depth)?),
            Event::SequenceStart(..) if depth < DEEPEST => {
                self.skip_sequence(depth)?;
                Value::Other("a list")
            }
            Event::MappingStart(..) | Event::SequenceStart(..) => {
                return Err((line, format!("this lies more than {DEEPEST} levels deep; no override does")));
            }
            _ => return Err((line, "aliases are not read; write the value itself".to_owned())),
        };
        Ok(Node { line, value })
    }

    fn mapping(&mut self, depth: usize) -> Result<Vec<Field>, Fault> {
        let (mut fields, mut lines): (Vec<Field>, HashMap<String, usize>) = Default::default();
        loop {
            let (event, span) = self.next()?;
            let line = span.start.line();
            let key = match event {
                Event::MappingEnd => return Ok(fields),
                Event::Scalar(key, _, _, None) => key.into_owned(),
                Event::Scalar(..) => {
                    return Err((line, "tags are not read; leave out what begins with `!`".to_owned()));
                }
                Event::Alias(_) => {
                    return Err((line, "aliases are not read; write the key itself".to_owned()));
                }
                _ => return Err((line, "a key is a text; write for example `retry:`".to_owned())),
            };
            if key == "<<" {
                return Err((line, "merges are not read; write the values themselves".to_owned()));
            }
            if let Some(first) = lines.insert(key.clone(), line) {
                return Err((line, format!("`{key}` stands here a second time; it is on line {first}, too")));
            }
            let (event, span) = self.next()?;
            let node = self.node(event, span.start.line(), depth + 1)?;
            fields.push(Field { line, key, node });
        }
    }

    fn skip_sequence(&mut self, depth: usize) -> Result<(), Fault> {
        loop {
            let (event, span) = self.next()?;
            if matches!(event, Event::SequenceEnd) {
                return Ok(());
            }
            self.node(event, span.start.line(), depth + 1)?;
        }
    }
}

fn is_null(text: &str) -> bool {
    matches!(text, "" | "~" | "null" | "Null" | "NULL")
}
