//! What must hold of every expansion.

use proc_macro2::{TokenStream, TokenTree};
use syn::{Attribute, parse::Parser};

use crate::{
    entry,
    stack::{self, Kind},
};

/// Expands the attribute, and what it leaves to be expanded later, and looks at what comes of it.
pub(super) fn check_attribute(kind: Kind, options: TokenStream, item: TokenStream) -> Result<(), String> {
    let input = format!("#[{}({options})]\n{item}", kind.name());
    let mut output = entry::attribute(kind, options, item.clone());
    // Ours that stood above unknown attributes are below them now. rustc expands those first.
    for _ in 0..8 {
        match next(output.clone()) {
            Some((kind, options, rest)) => output = entry::attribute(kind, options, rest),
            None => break,
        }
    }
    let explain = |problem: &str| format!("{problem}\n  in:  {input}\n  out: {output}");
    let messages = messages(&output);
    messages.iter().try_for_each(|message| is_ours(message).map_err(|problem| explain(&problem)))?;
    if syn::parse2::<syn::File>(item.clone()).is_err() && !is_method(&item) {
        return Ok(());
    }
    // syn reads `crate<…>` as a type, and not where a trait is named for that type. rustc refuses it in its own words.
    if item.to_string().contains("crate <") {
        return Ok(());
    }
    if syn::parse2::<syn::File>(output.clone()).is_err() && !is_method(&without_messages(&output)) {
        return Err(explain("the output is no Rust"));
    }
    let body = "the_users_body";
    if count(&output, body) != count(&item, body) {
        return Err(explain("the user's body is not there once"));
    }
    if count(&output, "__mainstay_above") > 0 {
        return Err(explain("a mark of ours is left"));
    }
    Ok(())
}

/// Expands `#[health_check]` and looks at what comes of it.
pub(super) fn check_health_attribute(options: TokenStream, item: TokenStream) -> Result<(), String> {
    let output = entry::beside(&crate::health_check::BESIDE, options.clone(), item.clone());
    let explain =
        |problem: &str| format!("{problem}\n  in:  #[health_check({options})] {item}\n  out: {output}");
    messages(&output).iter().try_for_each(|message| is_ours(message).map_err(|problem| explain(&problem)))?;
    if syn::parse2::<syn::File>(item.clone()).is_err() && !is_method(&item) {
        return Ok(());
    }
    if syn::parse2::<syn::File>(output.clone()).is_err() && !is_method(&without_messages(&output)) {
        return Err(explain("the output is no Rust"));
    }
    let body = "the_users_body";
    if count(&output, body) != count(&item, body) {
        return Err(explain("the user's body is not there once"));
    }
    Ok(())
}

/// Derives a trait and looks at what comes of it.
pub(super) fn check_derive(
    item: TokenStream,
    expand: fn(TokenStream) -> syn::Result<TokenStream>,
) -> Result<(), String> {
    // A derive is never asked about what is no item.
    if syn::parse2::<syn::DeriveInput>(item.clone()).is_err() {
        return Ok(());
    }
    let output = entry::derive(item.clone(), expand);
    let explain = |problem: &str| format!("{problem}\n  in:  {item}\n  out: {output}");
    messages(&output).iter().try_for_each(|message| is_ours(message).map_err(|problem| explain(&problem)))?;
    syn::parse2::<syn::File>(output.clone()).map(drop).map_err(|_| explain("the output is no Rust"))
}

/// The first attribute of ours on a function that the expansion has not touched yet.
fn next(output: TokenStream) -> Option<(Kind, TokenStream, TokenStream)> {
    let split = |input: syn::parse::ParseStream<'_>| {
        Ok((input.call(Attribute::parse_outer)?, input.parse::<TokenStream>()?))
    };
    let (attrs, rest) = split.parse2(output).ok()?;
    let mut ours = attrs.into_iter().filter(|attr| stack::kind_of(attr).is_some());
    let first = ours.next()?;
    let options = match &first.meta {
        syn::Meta::List(list) => list.tokens.clone(),
        _ => TokenStream::new(),
    };
    Some((stack::kind_of(&first)?, options, quote::quote!(#(#ours)* #rest)))
}

fn is_method(item: &TokenStream) -> bool {
    syn::parse2::<syn::ImplItem>(item.clone()).is_ok_and(|item| !matches!(item, syn::ImplItem::Verbatim(_)))
}

/// The texts of `::core::compile_error! { "…" }`.
fn messages(output: &TokenStream) -> Vec<String> {
    let trees: Vec<TokenTree> = output.clone().into_iter().collect();
    let mut texts = Vec::new();
    for window in trees.windows(3) {
        if let [TokenTree::Ident(word), _, TokenTree::Group(text)] = window
            && word == "compile_error"
            && let Ok(text) = syn::parse2::<syn::LitStr>(text.stream())
        {
            texts.push(text.value());
        }
    }
    texts
}

/// The tokens after the last message.
fn without_messages(output: &TokenStream) -> TokenStream {
    let trees: Vec<TokenTree> = output.clone().into_iter().collect();
    let is_message = |tree: &TokenTree| matches!(tree, TokenTree::Ident(word) if word == "compile_error");
    match trees.iter().rposition(is_message) {
        Some(at) => trees[at + 3..].iter().cloned().collect(),
        None => output.clone(),
    }
}

/// Our messages say what was found and what to write, in small letters and without a full stop. Those of a parser do
/// not, and what only we know of must not be in them.
fn is_ours(message: &str) -> Result<(), String> {
    let parsers =
        ["unexpected end of input", "unexpected token", "expected identifier", "expected an expression"];
    let wrong = message.starts_with("this is a bug in mainstay-macros")
        || message.starts_with(|first: char| first.is_uppercase())
        || message.ends_with('.')
        || message.trim().is_empty()
        || ["__mainstay", "__private"].iter().any(|word| message.contains(word))
        || parsers.iter().any(|start| message.starts_with(start))
        || (message.starts_with("expected ") && message.len() < 40 && !message.contains(" such as "));
    if wrong { Err(format!("this is no message of ours: {message}")) } else { Ok(()) }
}

fn count(tokens: &TokenStream, name: &str) -> usize {
    let count_in = |tree: TokenTree| match tree {
        TokenTree::Ident(word) => usize::from(word == name),
        TokenTree::Group(group) => count(&group.stream(), name),
        _ => 0,
    };
    tokens.clone().into_iter().map(count_in).sum()
}
