//! Finds secrets in a text, in one pass over its words.

use std::ops::Range;

use super::{
    SecretNames,
    value::{is_scheme, run, value},
};

/// What is looked for besides names.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Rules {
    /// Words that are keys by their length: 64 and more hexadecimal digits, 80 and more of base 58.
    pub(crate) long_keys: bool,
}

/// Prefixes by which keys of well-known services are told.
const PREFIXES: [&str; 14] = [
    "ghp_",
    "gho_",
    "ghs_",
    "ghu_",
    "github_pat_",
    "glpat-",
    "sk-",
    "sk_live_",
    "sk_test_",
    "rk_live_",
    "xoxb-",
    "xoxp-",
    "AKIA",
    "AIza",
];
/// The shortest token that is told by its form alone.
const SHORTEST_KEY: usize = 20;
/// What must at least come after such a prefix.
const AFTER_PREFIX: usize = 16;
/// How often a text is looked through at most. One that is made to take longer is replaced from there on.
const MOST_WORK: usize = 8;
/// The longest part of a URL before its path that is looked at.
const LONGEST_AUTHORITY: usize = 1024;
/// The shortest text after `Bearer ` that is taken for a token.
const SHORTEST_BEARER: usize = 6;

/// Every byte of every text is looked up here.
const WORD: [bool; 256] = {
    let (mut table, mut byte) = ([false; 256], 0);
    while byte < 256 {
        table[byte] = (byte as u8).is_ascii_alphanumeric() || matches!(byte as u8, b'_' | b'-' | b'.');
        byte += 1;
    }
    table
};

fn is_word(byte: u8) -> bool {
    WORD[usize::from(byte)]
}

fn is_token(byte: u8) -> bool {
    is_word(byte) || matches!(byte, b'~' | b'+' | b'/' | b'=')
}

/// Calls `found` with each secret's place, in the order in which they begin. They may overlap.
pub(super) fn scan(text: &str, names: &SecretNames, rules: Rules, mut found: impl FnMut(Range<usize>)) {
    let bytes = text.as_bytes();
    let (mut at, mut work) = (0, 0);
    while at < bytes.len() {
        let place = if is_word(bytes[at]) {
            let end = at + run(bytes, at, is_word);
            let place = by_word(text, at, end, names, rules).or_else(|| by_name(text, at, end, names));
            at = end;
            place
        } else if bytes[at..].starts_with(b"://") {
            at += 3;
            in_authority(bytes, at)
        } else {
            at += 1;
            None
        };
        // What is within is looked at too: it may name a secret that goes further than a quote that nobody closed.
        if let Some(place) = place.filter(|place| !place.is_empty()) {
            work += place.len();
            if work > MOST_WORK * bytes.len() {
                return found(place.start..bytes.len());
            }
            found(place);
        }
    }
}

/// A word that is a secret, or says that one follows.
fn by_word(text: &str, start: usize, end: usize, names: &SecretNames, rules: Rules) -> Option<Range<usize>> {
    let (bytes, word) = (text.as_bytes(), &text[start..end]);
    if word.starts_with("-----") && word.ends_with("BEGIN") {
        return private_key(text, start, end);
    }
    if word.len() >= SHORTEST_KEY
        && let Some(jwt) = word.find("eyJ")
        && word.len() - jwt >= SHORTEST_KEY
        && word[jwt..].contains('.')
    {
        return Some(start + jwt..end);
    }
    let key = word.trim_start_matches(['-', '.']);
    let is_key = key.len() > AFTER_PREFIX
        && PREFIXES
            .iter()
            .any(|prefix| key.strip_prefix(prefix).is_some_and(|rest| rest.len() >= AFTER_PREFIX));
    if is_key || rules.long_keys && is_long_key(key) {
        return Some(end - key.len()..end);
    }
    // Most words are none of these, and need no more looks.
    if !matches!(bytes[start], b'b' | b'B' | b't' | b'T') || !matches!(word.len(), 5 | 6) {
        return None;
    }
    let next = end + run(bytes, end, |byte| matches!(byte, b' ' | b'\t'));
    if next == end {
        return None;
    }
    let token = next..next + run(bytes, next, is_token);
    let follows = match word {
        _ if word.eq_ignore_ascii_case("bearer") => token.len() >= SHORTEST_BEARER,
        // `Basic authentication` is none, and neither is `Token expired`.
        _ if word.eq_ignore_ascii_case("basic") => token.len() >= 8 && is_mixed(&bytes[token.clone()]),
        _ if word.eq_ignore_ascii_case("token") => token.len() >= 16 && is_mixed(&bytes[token.clone()]),
        _ => false,
    };
    // `Bearer password=…` and `Bearer Bearer …`: what comes next says better how far it goes.
    let is_name = || {
        is_scheme(&bytes[token.clone()])
            || by_name(text, next, next + run(bytes, next, is_word), names).is_some()
    };
    (follows && !is_name()).then_some(token)
}

fn is_mixed(token: &[u8]) -> bool {
    token.iter().any(|byte| byte.is_ascii_digit() || *byte == b'=')
        || token[1..].iter().any(u8::is_ascii_uppercase)
}

fn is_long_key(word: &str) -> bool {
    let word = word.strip_prefix("0x").unwrap_or(word);
    let is_base58 = |byte: u8| byte.is_ascii_alphanumeric() && !matches!(byte, b'0' | b'O' | b'I' | b'l');
    word.len() >= 64 && word.bytes().all(|byte| byte.is_ascii_hexdigit())
        || (80..=90).contains(&word.len()) && word.bytes().all(is_base58)
}

/// From `-----BEGIN` to the end of the block, or of the text.
fn private_key(text: &str, start: usize, end: usize) -> Option<Range<usize>> {
    let kind_end = end + text[end..].find("-----")?;
    if !text[end..kind_end].contains("PRIVATE KEY") {
        return None;
    }
    let block_end = text[kind_end..].find("-----END").map(|at| kind_end + at + "-----END".len());
    let line_end = block_end.and_then(|at| Some(at + text[at..].find("-----")? + "-----".len()));
    Some(start..line_end.or(block_end).unwrap_or(text.len()))
}

/// The value of a word that names a secret: `name=value`, `name: value`, `"name": "value"`, `--name value`.
fn by_name(text: &str, start: usize, end: usize, names: &SecretNames) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    // Most words stand before another word, and name nothing.
    if bytes[start] != b'-'
        && bytes.get(end) == Some(&b' ')
        && bytes.get(end + 1).is_none_or(|next| is_word(*next))
    {
        return None;
    }
    let (word, spaces) = (&text[start..end], |at| at + run(bytes, at, |byte| matches!(byte, b' ' | b'\t')));
    let mut at = end + run(bytes, end, |byte| byte == b'\\');
    at += usize::from(matches!(bytes.get(at), Some(b'"' | b'\'' | b'`')));
    at += usize::from(bytes.get(at) == Some(&b']'));
    let separator = spaces(at);
    let after = match (bytes.get(separator), bytes.get(separator + 1)) {
        // A path of code, or a comparison.
        (Some(b':'), Some(b':')) => return None,
        (Some(b'='), Some(b'>' | b'=')) => separator + 2,
        (Some(b':' | b'='), _) => separator + 1,
        _ if word.starts_with('-') && separator > at => separator,
        _ => return None,
    };
    if !names.is_secret(word, false) {
        return None;
    }
    let whole_line = [&b"authorization"[..], b"cookie"].iter().any(|header| {
        word.len() >= header.len()
            && word.as_bytes()[word.len() - header.len()..].eq_ignore_ascii_case(header)
    });
    let place = value(bytes, spaces(after), whole_line);
    let is_number = bytes[place.clone()].iter().all(|byte| byte.is_ascii_digit() || *byte == b'.');
    (!is_number || names.is_secret(word, true)).then_some(place)
}

/// The password in `://user:password@host`, or a long user that stands alone there.
fn in_authority(bytes: &[u8], start: usize) -> Option<Range<usize>> {
    let is_inside =
        |byte: u8| !byte.is_ascii_whitespace() && !matches!(byte, b'"' | b'\'' | b'`' | b'<' | b'>' | b'\\');
    let bytes = &bytes[..bytes.len().min(start + LONGEST_AUTHORITY)];
    let whole = start + run(bytes, start, is_inside);
    let authority = start + run(bytes, start, |byte| is_inside(byte) && !matches!(byte, b'/' | b'?' | b'#'));
    let colon = bytes[start..authority].iter().position(|byte| *byte == b':').map(|at| start + at);
    let last_at = |end: usize| bytes[start..end].iter().rposition(|byte| *byte == b'@').map(|at| start + at);
    let Some(at) = last_at(authority) else {
        // Not a URL by the book, but what people write: a password with a slash in it.
        let (colon, at) = (colon?, last_at(whole)?);
        let is_port = bytes[colon + 1..authority].iter().all(u8::is_ascii_digit);
        return (!is_port && colon < at).then_some(colon + 1..at);
    };
    match colon.filter(|colon| *colon < at) {
        Some(colon) => Some(colon + 1..at),
        None => (at - start >= 20).then_some(start..at),
    }
}
