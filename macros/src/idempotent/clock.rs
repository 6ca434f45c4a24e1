//! Finds what makes a key different on every call, as far as it can be seen.

use proc_macro2::{Ident, TokenStream, TokenTree};

/// The word in `tokens` that reads the wall clock or makes something random.
pub(super) fn changes_with_every_call(tokens: TokenStream) -> Option<(Ident, &'static str)> {
    const CLOCKS: [&str; 6] = ["now", "now_utc", "now_local", "elapsed", "now_v7", "now_v1"];
    const CHANCE: [&str; 8] =
        ["new_v4", "new_v7", "random", "thread_rng", "random_range", "nanoid", "ulid", "fastrand"];
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Group(group) => {
                if let Some(found) = changes_with_every_call(group.stream()) {
                    return Some(found);
                }
            }
            TokenTree::Ident(word) => {
                let is = |names: &[&str]| names.iter().any(|name| word == name);
                let is_called = matches!(tokens.peek(), Some(TokenTree::Group(_)))
                    || matches!(tokens.peek(), Some(TokenTree::Punct(punct)) if matches!(punct.as_char(), ':' | '!'));
                if is_called && is(&CLOCKS) {
                    return Some((word, "the clock"));
                }
                if is_called && is(&CHANCE) {
                    return Some((word, "chance"));
                }
            }
            _ => {}
        }
    }
    None
}
