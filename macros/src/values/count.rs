use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Expr, Lit};

use super::literal;
use crate::options::{Arg, Read};

/// A whole number of at least one: a checked literal, or an expression of type `u32`.
#[derive(Clone)]
pub(crate) enum Count {
    Known { value: u32, token: Expr },
    Expr(Expr),
}

impl Count {
    /// The expression that only rustc can evaluate, if it is one.
    pub(crate) fn expr(&self) -> Option<&Expr> {
        match self {
            Self::Expr(expr) => Some(expr),
            _ => None,
        }
    }

    pub(crate) fn from_expr(expr: &Expr, what: &str) -> syn::Result<Self> {
        let Some((lit, negative)) = literal(expr) else { return Ok(Self::Expr(expr.clone())) };
        let error = |message: String| Err(syn::Error::new_spanned(expr, message));
        match lit {
            Lit::Int(_) if negative => error(format!("{what} cannot be negative: write at least 1")),
            Lit::Int(number) => match number.base10_parse::<u32>() {
                Ok(0) => error(format!("{what} must be at least 1")),
                Ok(value) => Ok(Self::Known { value, token: expr.clone() }),
                Err(_) => error(format!("{what} is at most {}", u32::MAX)),
            },
            Lit::Float(_) => error(format!("{what} is a whole number")),
            _ => error(format!("{what} is a whole number, such as 3, or an expression of type `u32`")),
        }
    }

    pub(crate) fn known(&self) -> Option<u32> {
        match self {
            Self::Known { value, .. } => Some(*value),
            Self::Expr(_) => None,
        }
    }

    pub(crate) fn is_expr(&self) -> bool {
        matches!(self, Self::Expr(_))
    }

    pub(crate) fn token(&self) -> &Expr {
        match self {
            Self::Known { token, .. } | Self::Expr(token) => token,
        }
    }
}

impl ToTokens for Count {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            Self::Known { value, .. } => tokens.extend(quote!(#value)),
            Self::Expr(expr) => expr.to_tokens(tokens),
        }
    }
}

impl Read for Count {
    fn read(arg: &Arg) -> syn::Result<Self> {
        let what = arg.key.as_ref().map_or_else(|| "this".to_owned(), |key| format!("`{key}`"));
        Self::from_expr(arg.expr()?, &what)
    }
}

/// A whole number, zero included: the expression, and its value if it is a literal.
pub(crate) struct CountOrZero(pub(crate) Expr, pub(crate) Option<u32>);

impl Read for CountOrZero {
    fn read(arg: &Arg) -> syn::Result<Self> {
        let expr = arg.expr()?;
        let what = arg.key.as_ref().map_or_else(|| "this".to_owned(), |key| format!("`{key}`"));
        match literal(expr) {
            Some((Lit::Int(number), false)) if number.base10_digits() == "0" => {
                Ok(Self(expr.clone(), Some(0)))
            }
            Some((Lit::Int(_), true)) => {
                Err(syn::Error::new_spanned(expr, format!("{what} cannot be negative: write at least 0")))
            }
            _ => {
                let count = Count::from_expr(expr, &what)?;
                Ok(Self(expr.clone(), count.known()))
            }
        }
    }
}
