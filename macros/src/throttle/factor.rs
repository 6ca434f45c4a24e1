use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Expr, Lit};

use crate::{
    options::{Arg, Read},
    values::literal,
};

/// How many calls for each that is accepted: a number of at least 1, or a constant expression of type `f64`.
pub(crate) enum Factor {
    Known(f64),
    Expr(Expr),
}

impl Factor {
    /// The expression that only rustc can evaluate, if it is one.
    pub(crate) fn expr(&self) -> Option<&Expr> {
        match self {
            Self::Known(_) => None,
            Self::Expr(expr) => Some(expr),
        }
    }
}

impl Read for Factor {
    fn read(arg: &Arg) -> syn::Result<Self> {
        let expr = arg.expr()?;
        let error = |message: &str| Err(syn::Error::new_spanned(expr, message));
        let Some((lit, negative)) = literal(expr) else { return Ok(Self::Expr(expr.clone())) };
        let value: f64 = match lit {
            Lit::Float(number) => number.base10_parse()?,
            Lit::Int(number) => number.base10_parse()?,
            _ => return error("expected a number of at least 1, such as 2.0"),
        };
        if negative || value < 1.0 {
            return error("less than 1 would refuse calls that the server accepts: write at least 1");
        }
        Ok(Self::Known(value))
    }
}

impl ToTokens for Factor {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            Self::Known(value) => tokens.extend(quote!(#value)),
            Self::Expr(expr) => expr.to_tokens(tokens),
        }
    }
}
