//! What the code writes in an attribute, by option.

/// The options that are written as `name = value` or `name(value)`, and the words that stand alone, with no value.
pub(super) fn options(written: &'static str) -> impl Iterator<Item = (&'static str, Option<&'static str>)> {
    parts(written).filter_map(|part| {
        let end = part.find(|char: char| !char.is_ascii_alphanumeric() && char != '_').unwrap_or(part.len());
        let (name, rest) = part.split_at(end);
        if !name.starts_with(|char: char| char.is_ascii_lowercase()) {
            return None;
        }
        let rest = rest.trim_start();
        if rest.is_empty() {
            return Some((name, None));
        }
        if let Some(value) = rest.strip_prefix('=').filter(|value| !value.starts_with(['=', '>'])) {
            return Some((name, Some(value.trim())));
        }
        let inside = rest.strip_prefix('(')?.strip_suffix(')')?;
        Some((name, Some(inside.trim())))
    })
}

/// The parts between commas that stand in no brackets and in no text.
fn parts(written: &'static str) -> impl Iterator<Item = &'static str> {
    let mut rest = Some(written);
    std::iter::from_fn(move || {
        let text = rest?;
        let (mut depth, mut in_text, mut escaped) = (0_usize, false, false);
        for (at, char) in text.char_indices() {
            match char {
                _ if escaped => escaped = false,
                '\\' if in_text => escaped = true,
                '"' => in_text = !in_text,
                _ if in_text => {}
                '(' | '[' | '{' => depth += 1,
                ')' | ']' | '}' => depth = depth.saturating_sub(1),
                ',' if depth == 0 => {
                    rest = Some(&text[at + 1..]);
                    return Some(text[..at].trim());
                }
                _ => {}
            }
        }
        rest = None;
        Some(text.trim())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_told_from_names_values_and_closures() {
        let written = r#""a, limit = 3", 10, failure_on = [Timeout, Io(_)], max_wait = "1,5s", exact, labels(a, b), |e, x| x == 3, LIMIT, error = f(1, "x"), x.map(1)"#;
        let told: Vec<_> = options(written).collect();
        let value = |text| Some(text);
        assert_eq!(
            told,
            [
                ("failure_on", value("[Timeout, Io(_)]")),
                ("max_wait", value("\"1,5s\"")),
                ("exact", None),
                ("labels", value("a, b")),
                ("error", value("f(1, \"x\")")),
            ]
        );
        assert_eq!(options("").count(), 0);
    }
}
