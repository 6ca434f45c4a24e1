use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use syn::{
    Attribute, Item, Signature, Visibility,
    parse::{ParseStream, Parser},
};

use crate::stack;

/// Says what an attribute stands on that is no function with a body, and what to do.
pub(crate) fn misplaced(attribute: &str, item: &TokenStream) -> syn::Error {
    if let Ok(sig) = bodiless.parse2(item.clone()) {
        return syn::Error::new_spanned(
            &sig.ident,
            format!(
                "`{}` has no body to put `#[{attribute}]` around: annotate the implementation instead",
                sig.ident
            ),
        );
    }
    let (what, place, advice): (_, Span, _) = match syn::parse2::<Item>(item.clone()) {
        Ok(Item::Struct(item)) => ("a struct", item.ident.span(), "annotate the functions that use it"),
        Ok(Item::Enum(item)) => ("an enum", item.ident.span(), "annotate the functions that use it"),
        Ok(Item::Trait(item)) => {
            ("a trait", item.ident.span(), "annotate the methods of its implementations")
        }
        Ok(Item::Impl(item)) => ("an impl block", item.impl_token.span, "annotate its methods one by one"),
        Ok(Item::Mod(item)) => ("a module", item.ident.span(), "annotate its functions one by one"),
        Ok(Item::Const(item)) => ("a constant", item.ident.span(), "annotate a function"),
        Ok(Item::Static(item)) => ("a static", item.ident.span(), "annotate a function"),
        Ok(Item::Type(item)) => ("a type alias", item.ident.span(), "annotate a function"),
        Ok(Item::Use(item)) => {
            ("an import", item.use_token.span, "annotate the function where it is written")
        }
        Ok(Item::Macro(item)) => {
            ("a macro call", syn::spanned::Spanned::span(&item.mac.path), "annotate a function inside it")
        }
        _ => {
            let place = item.clone().into_iter().next().map_or_else(Span::call_site, |token| token.span());
            ("this", place, "annotate a function with a body")
        }
    };
    syn::Error::new(place, format!("`#[{attribute}]` goes on a function, and {what} is none: {advice}"))
}

fn bodiless(input: ParseStream<'_>) -> syn::Result<Signature> {
    input.call(Attribute::parse_outer)?;
    input.parse::<Visibility>()?;
    let sig = input.parse()?;
    input.parse::<syn::Token![;]>()?;
    Ok(sig)
}

/// The item without attributes of ours, so that one mistake is one error.
pub(crate) fn strip_policies(item: TokenStream) -> TokenStream {
    let split = |input: ParseStream<'_>| {
        let attrs = input.call(Attribute::parse_outer)?;
        Ok((attrs, input.parse::<TokenStream>()?))
    };
    match split.parse2(item.clone()) {
        Ok((mut attrs, rest)) => {
            attrs.retain(|attr| stack::kind_of(attr).is_none());
            let attrs = attrs.iter().map(ToTokens::to_token_stream);
            quote!(#(#attrs)* #rest)
        }
        Err(_) => item,
    }
}
