//! Lists of options, what may go wrong in them, and tokens without any sense.

use fastrand::Rng;
use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

use super::{choose, odd::ODD};

/// Some of the options, in any order.
pub(super) fn list(rng: &mut Rng, options: &[&'static str]) -> String {
    let mut options = options.to_vec();
    rng.shuffle(&mut options);
    options.truncate(rng.usize(..=4));
    options.join(", ")
}

/// The tokens with one to four things changed, at any depth.
pub(super) fn mutated(rng: &mut Rng, mut tokens: TokenStream) -> TokenStream {
    for _ in 0..rng.usize(1..=4) {
        tokens = mutated_once(rng, tokens);
    }
    tokens
}

/// Up to a dozen odd tokens.
pub(super) fn random(rng: &mut Rng) -> TokenStream {
    (0..rng.usize(..12)).flat_map(|_| odd(rng)).collect()
}

/// Tokens that fit nowhere in particular. An open parenthesis is closed at once.
fn odd(rng: &mut Rng) -> TokenStream {
    let text = choose(rng, ODD);
    let closed = if text.ends_with('(') { format!("{text})") } else { text.to_owned() };
    let tokens: TokenStream = closed.parse().unwrap_or_default();
    match rng.u8(..12) {
        0 => group(rng, tokens),
        _ => tokens,
    }
}

fn group(rng: &mut Rng, tokens: TokenStream) -> TokenStream {
    // What a macro's `$value:expr` stands for comes in an invisible group.
    let delimiters = [Delimiter::Parenthesis, Delimiter::Brace, Delimiter::Bracket, Delimiter::None];
    TokenTree::Group(Group::new(delimiters[rng.usize(..4)], tokens)).into()
}

fn mutated_once(rng: &mut Rng, tokens: TokenStream) -> TokenStream {
    let mut trees: Vec<TokenStream> = tokens.into_iter().map(TokenStream::from).collect();
    if trees.is_empty() {
        return odd(rng);
    }
    let (at, other) = (rng.usize(..trees.len()), rng.usize(..trees.len()));
    if let Some(TokenTree::Group(inner)) = trees[at].clone().into_iter().next()
        && rng.u8(..4) != 0
    {
        let stream = mutated_once(rng, inner.stream());
        trees[at] = TokenTree::Group(Group::new(inner.delimiter(), stream)).into();
        return trees.into_iter().collect();
    }
    match rng.u8(..8) {
        0 => drop(trees.remove(at)),
        1 => trees.insert(at, trees[other].clone()),
        2 => trees.swap(at, other),
        3 => trees.insert(at, odd(rng)),
        4 => trees.truncate(at),
        5 => trees[at] = group(rng, trees[at].clone()),
        _ => trees[at] = odd(rng),
    }
    trees.into_iter().collect()
}
