//! Finding the other attributes of ours on a function, and keeping the written order where some are hidden.
//!
//! Attributes expand from the top. One that stands above an attribute it does not know cannot tell whether that one is
//! ours under another name, or hides one of ours (`cfg_attr`). It then puts itself below, marked as having stood
//! above, and is expanded again when the unknown one is done: either alone, or taken in by a sibling.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};
use syn::{Attribute, Meta, Token, parse::Parser, punctuated::Punctuated, spanned::Spanned};

use super::kind::{Kind, kind_of};
use crate::{errors::Errors, item::Function, options::Read, values::CratePath};

pub(super) const MARKER: &str = "__mainstay_above";

/// An attribute of ours before its options are read.
pub(crate) struct Raw {
    pub(crate) kind: Kind,
    pub(crate) span: Span,
    /// Its path, if it is not the attribute being expanded.
    pub(crate) path: Option<syn::Path>,
    pub(crate) options: TokenStream,
}

/// Takes the mark off the options.
pub(crate) fn take_marker(options: TokenStream) -> (Option<()>, TokenStream) {
    let mut tokens = options.clone().into_iter();
    match (tokens.next(), tokens.next()) {
        (Some(TokenTree::Ident(word)), None | Some(TokenTree::Punct(_))) if word == MARKER => {
            (Some(()), tokens.collect())
        }
        _ => (None, options),
    }
}

/// Puts the attribute being expanded below the unknown ones; `None` if there are none.
pub(crate) fn move_below_foreign(
    kind: Kind,
    options: &TokenStream,
    function: &mut Function,
) -> Option<TokenStream> {
    if !function.attrs.iter().any(may_hide_siblings) {
        return None;
    }
    let name = format_ident!("{}", kind.name());
    let marker = format_ident!("{MARKER}");
    let root = crate_path(options);
    let attr = quote!(#[#root::#name(#marker, #options)]);
    let attr = Attribute::parse_outer.parse2(attr).ok()?;
    function.attrs.extend(attr);
    Some(function.to_token_stream())
}

/// The path after `crate =`, or the usual one.
fn crate_path(options: &TokenStream) -> TokenStream {
    let mut ignored = Errors::default();
    crate::options::split(options.clone(), &[], &mut ignored)
        .args
        .iter()
        .find(|arg| arg.key.as_ref().is_some_and(|key| key == "crate"))
        .and_then(|arg| CratePath::read(arg).ok())
        .map(|path| path.0.to_token_stream())
        .unwrap_or_else(|| quote!(::mainstay))
}

/// Removes the siblings from the function and gives the whole stack, outermost first.
pub(crate) fn collect(
    kind: Kind,
    marker: Option<()>,
    options: TokenStream,
    function: &mut Function,
    errors: &mut Errors,
) -> Vec<Raw> {
    let mut above = Vec::new();
    let mut below = Vec::new();
    let own = Raw { kind, span: Span::call_site(), path: None, options };
    if marker.is_some() {
        above.push(own)
    } else {
        below.push(own)
    }
    for attr in std::mem::take(&mut function.attrs) {
        let Some(kind) = kind_of(&attr) else {
            function.attrs.push(attr);
            continue;
        };
        let options = match &attr.meta {
            Meta::Path(_) => TokenStream::new(),
            Meta::List(list) => list.tokens.clone(),
            Meta::NameValue(pair) => {
                let value = pair.value.to_token_stream();
                errors.at(pair, format!("write this in parentheses: `#[{}({value})]`", kind.name()));
                // Read all the same, so that nothing else looks missing.
                value
            }
        };
        let (marker, options) = take_marker(options);
        let raw = Raw { kind, span: attr.path().span(), path: Some(attr.path().clone()), options };
        if marker.is_some() { above.push(raw) } else { below.push(raw) }
    }
    above.extend(below);
    above
}

/// Whether an attribute may be one of ours, or contain one, without our being able to see it.
fn may_hide_siblings(attr: &Attribute) -> bool {
    if kind_of(attr).is_some() {
        return false;
    }
    let path = attr.path();
    if path.is_ident("cfg_attr") {
        let Meta::List(list) = &attr.meta else { return false };
        let nested = Punctuated::<Meta, Token![,]>::parse_terminated.parse2(list.tokens.clone());
        return nested.is_ok_and(|nested| nested.iter().skip(1).any(|meta| !is_inert(meta.path())));
    }
    !is_inert(path)
}

/// The compiler's own attributes, those of tools, and entry points (`#[tokio::main]`, `#[tokio::test]`), which make a
/// function sync and so must come last.
fn is_inert(path: &syn::Path) -> bool {
    const BUILT_IN: [&str; 28] = [
        "allow",
        "automatically_derived",
        "cfg",
        "cold",
        "coverage",
        "deny",
        "deprecated",
        "doc",
        "expect",
        "export_name",
        "forbid",
        "global_allocator",
        "ignore",
        "inline",
        "link_name",
        "link_section",
        "must_use",
        "naked",
        "no_mangle",
        "optimize",
        "should_panic",
        "target_feature",
        "track_caller",
        "unsafe",
        "warn",
        "instruction_set",
        "no_coverage",
        "rustc_on_unimplemented",
    ];
    const TOOLS: [&str; 5] = ["clippy", "diagnostic", "miri", "rust_analyzer", "rustfmt"];
    let Some((first, last)) = path.segments.first().zip(path.segments.last()) else { return true };
    let is = |names: &[&str], word: &syn::Ident| names.iter().any(|name| word == name);
    if is(&["main", "test"], &last.ident) {
        return true;
    }
    if path.segments.len() == 1 { is(&BUILT_IN, &last.ident) } else { is(&TOOLS, &first.ident) }
}
