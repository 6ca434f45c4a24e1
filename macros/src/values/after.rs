use proc_macro2::TokenStream;
use quote::quote;
use syn::{Expr, Lit};

use super::{Duration, literal};
use crate::{
    options::{Arg, Read},
    stack::Root,
};

/// How long to wait: a span of time, or a percentile of the latencies such as `"p95"`.
pub(crate) enum After {
    Delay(Duration),
    Quantile(f64),
}

impl After {
    /// The builder's method with its value.
    pub(crate) fn write(&self, root: &Root) -> TokenStream {
        match self {
            Self::Delay(delay) => {
                let delay = delay.write(root);
                quote!(.after(#delay))
            }
            Self::Quantile(share) => quote!(.after_quantile(#share)),
        }
    }

    /// The expression that only rustc can evaluate, if it is one.
    pub(crate) fn expr(&self) -> Option<&Expr> {
        match self {
            Self::Delay(delay) => delay.expr(),
            Self::Quantile(_) => None,
        }
    }
}

impl Read for After {
    fn read(arg: &Arg) -> syn::Result<Self> {
        let expr = arg.expr()?;
        let Some((Lit::Str(text), false)) = literal(expr) else {
            return Duration::read(arg).map(Self::Delay);
        };
        let text = text.value();
        let Some(number) = text.strip_prefix('p') else {
            return Duration::read(arg).map(Self::Delay).map_err(|error| {
                syn::Error::new(error.span(), format!("{error}; or a percentile such as \"p95\""))
            });
        };
        match number.parse::<f64>() {
            Ok(percent) if percent > 0.0 && percent < 100.0 => Ok(Self::Quantile(percent / 100.0)),
            Ok(_) => Err(syn::Error::new_spanned(
                expr,
                "a percentile lies between 0 and 100, both excluded: write for example \"p95\" or \"p99.9\"",
            )),
            Err(_) => Err(syn::Error::new_spanned(
                expr,
                format!(
                    "`{text}` is no percentile: write for example \"p95\", or a duration such as \"50ms\""
                ),
            )),
        }
    }
}
