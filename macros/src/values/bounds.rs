use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Expr, Lit};

use super::{Duration, literal};
use crate::options::{Arg, Read};

/// The upper bounds of buckets in seconds: a checked list of numbers and durations, or an expression of type `&'static [f64]`.
pub(crate) enum Bounds {
    Known(Vec<f64>),
    Expr(Expr),
}

impl Bounds {
    /// The expression that only rustc can evaluate, if it is one.
    pub(crate) fn expr(&self) -> Option<&Expr> {
        match self {
            Self::Expr(expr) => Some(expr),
            Self::Known(_) => None,
        }
    }
}

impl Read for Bounds {
    fn read(arg: &Arg) -> syn::Result<Self> {
        let expr = arg.expr()?;
        let list = match expr {
            Expr::Array(list) => list,
            Expr::Reference(reference) => match &*reference.expr {
                Expr::Array(list) => list,
                _ => return Ok(Self::Expr(expr.clone())),
            },
            Expr::Lit(_) => {
                return Err(syn::Error::new_spanned(
                    expr,
                    "buckets are a list: `[\"10ms\", \"100ms\", \"1s\"]`",
                ));
            }
            _ => return Ok(Self::Expr(expr.clone())),
        };
        if list.elems.is_empty() {
            return Err(syn::Error::new_spanned(
                list,
                "name at least one bound: `[\"10ms\", \"100ms\", \"1s\"]`",
            ));
        }
        if list.elems.len() > 200 {
            return Err(syn::Error::new_spanned(
                list,
                "keep to 200 bounds or fewer: each is a series of its own",
            ));
        }
        let mut bounds: Vec<f64> = Vec::new();
        for element in &list.elems {
            let bound = seconds(element)?;
            if !(bound > 0.0 && bound.is_finite()) {
                return Err(syn::Error::new_spanned(element, "a bound is a time above 0"));
            }
            if bounds.last().is_some_and(|before| *before >= bound) {
                return Err(syn::Error::new_spanned(element, "each bound is greater than the one before it"));
            }
            bounds.push(bound);
        }
        Ok(Self::Known(bounds))
    }
}

fn seconds(element: &Expr) -> syn::Result<f64> {
    let form = "a bound is a duration such as \"250ms\", or a number of seconds such as 0.25";
    match literal(element) {
        Some((Lit::Float(number), negative)) => {
            number.base10_parse::<f64>().map(|value| if negative { -value } else { value })
        }
        Some((Lit::Int(number), negative)) => {
            number.base10_parse::<f64>().map(|value| if negative { -value } else { value })
        }
        Some((Lit::Str(_), false)) => match Duration::from_expr(element)?.nanos() {
            Some(nanos) => Ok(nanos as f64 / 1e9),
            None => Err(syn::Error::new_spanned(element, form)),
        },
        _ => Err(syn::Error::new_spanned(element, form)),
    }
}

impl ToTokens for Bounds {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            Self::Known(bounds) => tokens.extend(quote!(&[#(#bounds),*])),
            Self::Expr(expr) => expr.to_tokens(tokens),
        }
    }
}
