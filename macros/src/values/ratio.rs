use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Expr, Lit};

use super::literal;
use crate::options::{Arg, Read};

/// A number: the literal's value, or an expression of type `f64`.
fn number(arg: &Arg, form: &str) -> syn::Result<(Option<f64>, Expr)> {
    let expr = arg.expr()?;
    let Some((lit, negative)) = literal(expr) else { return Ok((None, expr.clone())) };
    let value: f64 = match lit {
        Lit::Float(number) => number.base10_parse()?,
        Lit::Int(number) => number.base10_parse()?,
        _ => return Err(syn::Error::new_spanned(expr, form)),
    };
    Ok((Some(if negative { -value } else { value }), expr.clone()))
}

fn write(value: Option<f64>, expr: &Expr, tokens: &mut TokenStream) {
    match value {
        Some(value) => tokens.extend(quote!(#value)),
        None => expr.to_tokens(tokens),
    }
}

/// A share above 0 and up to 1, such as `0.5`.
pub(crate) struct Ratio {
    value: Option<f64>,
    expr: Expr,
}

impl Ratio {
    /// The expression that only rustc can evaluate, if it is one.
    pub(crate) fn expr(&self) -> Option<&Expr> {
        self.value.is_none().then_some(&self.expr)
    }

    /// The literal's value.
    pub(crate) fn known(&self) -> Option<f64> {
        self.value
    }
}

impl Read for Ratio {
    fn read(arg: &Arg) -> syn::Result<Self> {
        let (value, expr) = number(arg, "expected a share between 0 and 1, such as 0.5")?;
        match value {
            Some(share) if share > 1.0 && share <= 100.0 => Err(syn::Error::new_spanned(
                &expr,
                format!("a share lies between 0 and 1: for {share} % write {}", share / 100.0),
            )),
            Some(share) if !(share > 0.0 && share <= 1.0) => {
                Err(syn::Error::new_spanned(&expr, "a share is more than 0 and at most 1, such as 0.5"))
            }
            _ => Ok(Self { value, expr }),
        }
    }
}

impl ToTokens for Ratio {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        write(self.value, &self.expr, tokens);
    }
}

/// A factor of at least 1, such as `2.0`.
pub(crate) struct Base {
    value: Option<f64>,
    expr: Expr,
}

impl Base {
    pub(crate) fn is_expr(&self) -> bool {
        self.value.is_none()
    }
}

impl Read for Base {
    fn read(arg: &Arg) -> syn::Result<Self> {
        let (value, expr) = number(arg, "expected a factor of at least 1, such as 2.0")?;
        match value {
            Some(base) if !(base >= 1.0 && base.is_finite()) => {
                Err(syn::Error::new_spanned(&expr, "the factor is at least 1, or the waits would shrink"))
            }
            _ => Ok(Self { value, expr }),
        }
    }
}

impl ToTokens for Base {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        write(self.value, &self.expr, tokens);
    }
}
