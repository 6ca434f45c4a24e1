use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{ImplItem, Item, ItemImpl, Meta, parse::Parser};

use super::diff::diff;
use crate::{entry, stack};

/// The text of what comes of `source`: a function, an `impl` block with one method, or a type that derives `Classify`.
pub(super) fn expansion(source: &str) -> String {
    let item: Item = syn::parse_str(source).expect("the source is an item");
    let output = match item {
        Item::Impl(block) if block.attrs.iter().any(is_health_check) => attribute(block.to_token_stream()),
        Item::Impl(block) => {
            let ItemImpl { self_ty, items, trait_, .. } = &block;
            let [ImplItem::Fn(_)] = &items[..] else { panic!("one method") };
            let of = trait_.iter().map(|(path, of)| quote!(#path #of));
            let method = attribute(items[0].to_token_stream());
            quote!(impl #(#of)* #self_ty { #method })
        }
        Item::Fn(function) => attribute(function.to_token_stream()),
        item => {
            let is_health = source.starts_with("#[derive(HealthCheck)]");
            let expand = if is_health { crate::health_check::derive } else { crate::classify::expand };
            let derived = entry::derive(without_derive(&item), expand);
            quote!(#derived)
        }
    };
    match syn::parse2(output.clone()) {
        Ok(file) => prettyplease::unparse(&file),
        Err(error) => panic!("{error}: {output}"),
    }
}

/// Expands the first attribute, as rustc would.
fn attribute(function: TokenStream) -> TokenStream {
    let split = |input: syn::parse::ParseStream<'_>| {
        Ok((input.call(syn::Attribute::parse_outer)?, input.parse::<TokenStream>()?))
    };
    let (mut attrs, rest) = split.parse2(function).expect("attributes and a function");
    let first = attrs.remove(0);
    let options = match &first.meta {
        Meta::List(list) => list.tokens.clone(),
        _ => TokenStream::new(),
    };
    if first.path().is_ident("on_shutdown") {
        return entry::beside(&crate::on_shutdown::BESIDE, options, quote!(#(#attrs)* #rest));
    }
    if is_health_check(&first) {
        return entry::beside(&crate::health_check::BESIDE, options, quote!(#(#attrs)* #rest));
    }
    let kind = stack::kind_of(&first).expect("an attribute of ours");
    entry::attribute(kind, options, quote!(#(#attrs)* #rest))
}

fn is_health_check(attr: &syn::Attribute) -> bool {
    attr.path().is_ident("health_check")
}

fn without_derive(item: &Item) -> TokenStream {
    let mut item = item.clone();
    if let Item::Enum(syn::ItemEnum { attrs, .. }) | Item::Struct(syn::ItemStruct { attrs, .. }) = &mut item {
        attrs.retain(|attr| !attr.path().is_ident("derive"));
    }
    item.into_token_stream()
}

/// Compares what is written and what comes of it with the file of that name.
pub(super) fn check(name: &str, source: &str) {
    compare(name, source, &expansion(source));
}

/// The same for what `source` changes in the expansion of `plain`.
pub(super) fn check_change(name: &str, plain: &str, source: &str) {
    compare(name, source, &diff(&expansion(plain), &expansion(source)));
}

fn compare(name: &str, source: &str, output: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, format!("{}\n\n=>\n\n{output}", source.trim())));
}
