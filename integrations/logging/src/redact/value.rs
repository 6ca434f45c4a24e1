//! Where the value that stands after a secret's name ends.

use std::ops::Range;

const QUOTES: &[u8] = b"\"'`";

/// The value at or after `at`: without its quotes, if it has some. `whole_line` values, such as headers, end with their line.
pub(super) fn value(bytes: &[u8], at: usize, whole_line: bool) -> Range<usize> {
    let slashes = run(bytes, at, |byte| byte == b'\\');
    match bytes.get(at + slashes) {
        Some(&quote) if QUOTES.contains(&quote) => {
            let start = at + slashes + 1;
            start..closing(bytes, start, quote, slashes)
        }
        _ if whole_line => at..at + run(bytes, at, |byte| !matches!(byte, b'\n' | b'\r')),
        _ => at..unquoted(bytes, at),
    }
}

pub(super) fn run(bytes: &[u8], at: usize, is_part: impl Fn(u8) -> bool) -> usize {
    bytes.iter().skip(at).take_while(|byte| is_part(**byte)).count()
}

/// The place of the quote that closes one which `slashes` backslashes stood before, as in texts within quoted texts.
fn closing(bytes: &[u8], start: usize, quote: u8, slashes: usize) -> usize {
    let mut before = 0;
    for (at, &byte) in bytes.iter().enumerate().skip(start) {
        match byte {
            b'\\' => before += 1,
            _ if byte == quote && slashes == 0 && before % 2 == 0 => return at,
            _ if byte == quote && slashes > 0 && before <= slashes => return at - before,
            _ => before = 0,
        }
    }
    bytes.len()
}

/// To the next space, comma or the like that is not within brackets or quotes of the value's own.
fn unquoted(bytes: &[u8], start: usize) -> usize {
    let (mut at, mut depth) = (start, 0_usize);
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' if depth == 0 => return at,
            b')' | b']' | b'}' => {
                depth -= 1;
                if depth == 0 {
                    return at + 1;
                }
            }
            _ if QUOTES.contains(&byte) && (depth > 0 || at == start) => {
                let slashes = bytes[start..at].iter().rev().take_while(|byte| **byte == b'\\').count();
                at = closing(bytes, at + 1, byte, slashes);
            }
            b'"' => return at,
            b',' | b';' | b'&' if depth == 0 => return at,
            _ if depth == 0 && byte.is_ascii_whitespace() => {
                let next = at + run(bytes, at, |byte| byte.is_ascii_whitespace());
                let ends = bytes.get(next) != Some(&b'{');
                // `Bearer` and its like are a part of the value: what counts comes after.
                if ends && !is_scheme(&bytes[start..at]) {
                    return at;
                }
                at = next;
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

pub(super) fn is_scheme(word: &[u8]) -> bool {
    ["bearer", "basic", "token", "digest", "negotiate"]
        .iter()
        .any(|scheme| word.eq_ignore_ascii_case(scheme.as_bytes()))
}
