use std::fmt::Write;

/// Whether a character could forge a line, move a terminal's cursor or turn the reading direction.
fn is_harmful(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A text within the quotes of JSON.
pub(super) fn json(text: &str, line: &mut String) {
    escaped(
        text,
        line,
        |c| is_harmful(c) || matches!(c, '"' | '\\'),
        |c, line| {
            match c {
                '"' => line.push_str("\\\""),
                '\\' => line.push_str("\\\\"),
                '\n' => line.push_str("\\n"),
                '\r' => line.push_str("\\r"),
                '\t' => line.push_str("\\t"),
                // All that is harmful has four digits.
                _ => {
                    let _ = write!(line, "\\u{:04x}", u32::from(c));
                }
            }
        },
    );
}

/// A text on a line of a terminal or a file.
pub(super) fn plain(text: &str, line: &mut String) {
    escaped(text, line, is_harmful, |c, line| line.extend(c.escape_default()));
}

fn escaped(text: &str, line: &mut String, must: impl Fn(char) -> bool, escape: impl Fn(char, &mut String)) {
    // Nearly all texts are plain ASCII, and need one look at each byte.
    let is_plain = |byte: &u8| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\');
    if text.as_bytes().iter().all(is_plain) {
        return line.push_str(text);
    }
    let mut copied = 0;
    for (at, c) in text.char_indices().filter(|(_, c)| must(*c)) {
        line.push_str(&text[copied..at]);
        escape(c, line);
        copied = at + c.len_utf8();
    }
    line.push_str(&text[copied..]);
}
