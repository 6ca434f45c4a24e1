use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Expr, Lit};

use super::literal;
use crate::options::{Arg, Read};

/// What random numbers are drawn from: a whole number, or an expression of type `u64`.
pub(crate) enum Seed {
    Known(u64),
    Expr(Expr),
}

impl Seed {
    /// The expression that only rustc can evaluate, if it is one.
    pub(crate) fn expr(&self) -> Option<&Expr> {
        match self {
            Self::Known(_) => None,
            Self::Expr(expr) => Some(expr),
        }
    }
}

impl Read for Seed {
    fn read(arg: &Arg) -> syn::Result<Self> {
        let expr = arg.expr()?;
        let form = "a seed is a whole number from 0 to 18446744073709551615, such as 7";
        match literal(expr) {
            Some((Lit::Int(number), false)) => match number.base10_parse() {
                Ok(seed) => Ok(Self::Known(seed)),
                Err(_) => Err(syn::Error::new_spanned(expr, form)),
            },
            Some(_) => Err(syn::Error::new_spanned(expr, form)),
            None => Ok(Self::Expr(expr.clone())),
        }
    }
}

impl ToTokens for Seed {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            Self::Known(seed) => tokens.extend(quote!(#seed)),
            Self::Expr(expr) => expr.to_tokens(tokens),
        }
    }
}
