use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{
    Expr, Ident, Pat, Token,
    parse::{Parse, ParseStream, Parser},
    punctuated::Punctuated,
};

use crate::options::{Arg, Read, unreadable};

/// Patterns separated by `,` or `|`, each with a guard if it wants one, as in `matches!`.
pub(crate) struct Patterns(Vec<Guarded>);

struct Guarded {
    pattern: Pat,
    guard: Option<Expr>,
}

impl Parse for Guarded {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let pattern = Pat::parse_multi_with_leading_vert(input)?;
        let guard = match input.parse::<Option<Token![if]>>()? {
            Some(_) => Some(input.parse()?),
            None => None,
        };
        Ok(Self { pattern, guard })
    }
}

impl Patterns {
    /// An expression of type `bool`: whether the reference `value` matches.
    pub(crate) fn matches(&self, value: &Ident) -> TokenStream {
        let arms = self.0.iter().map(|Guarded { pattern, guard }| {
            let guard = guard.iter().map(|guard| quote!(if #guard));
            quote!(#pattern #(#guard)* => true,)
        });
        quote!(match #value { #(#arms)* #[allow(unreachable_patterns)] _ => false })
    }
}

impl Read for Patterns {
    const LIST: bool = true;

    fn read(arg: &Arg) -> syn::Result<Self> {
        let (paren, tokens) = arg.list()?;
        if tokens.is_empty() {
            return Err(syn::Error::new(
                paren.span.join(),
                "expected patterns of the error type, such as `MyError::Timeout | MyError::Reset`",
            ));
        }
        let patterns = Punctuated::<Guarded, Token![,]>::parse_terminated
            .parse2(tokens)
            .map_err(|error| unreadable("this list of patterns", paren.span.join(), &error))?;
        if let Some(catch_all) =
            patterns.iter().find(|entry| entry.guard.is_none() && is_catch_all(&entry.pattern))
        {
            return Err(syn::Error::new_spanned(
                catch_all.pattern.to_token_stream(),
                "this pattern matches every error: name the variants, or give it a guard with `if`",
            ));
        }
        Ok(Self(patterns.into_iter().collect()))
    }
}

/// `_`, or a word in small letters, which binds instead of comparing.
fn is_catch_all(pattern: &Pat) -> bool {
    match pattern {
        Pat::Wild(_) => true,
        Pat::Ident(pattern) => {
            pattern.subpat.is_none()
                && pattern.ident.to_string().starts_with(|c: char| c.is_lowercase() || c == '_')
        }
        _ => false,
    }
}

/// Names of arguments.
pub(crate) struct Names(pub(crate) Vec<Ident>);

impl Read for Names {
    const LIST: bool = true;

    fn read(arg: &Arg) -> syn::Result<Self> {
        let (paren, tokens) = arg.list()?;
        let names = Punctuated::<Ident, Token![,]>::parse_terminated
            .parse2(tokens)
            .map_err(|error| unreadable("this list of names", paren.span.join(), &error))?;
        if names.is_empty() {
            return Err(syn::Error::new(
                paren.span.join(),
                "expected the names of arguments, such as `clone(order)`",
            ));
        }
        Ok(Self(names.into_iter().collect()))
    }
}
