use proc_macro2::TokenStream;
use quote::quote;
use syn::{Expr, Ident, Lit};

use crate::{
    options::{Arg, Read},
    stack::Root,
    suggest::did_you_mean,
    values::{Duration, literal, pairs},
};

/// What the calls of a function are to live up to.
#[derive(Default)]
pub(crate) struct Slo {
    ok: Option<f64>,
    latency: Option<(f64, Duration)>,
}

/// The quantiles that can be named.
const QUANTILES: [(&str, f64); 6] =
    [("p50", 0.5), ("p75", 0.75), ("p90", 0.9), ("p95", 0.95), ("p99", 0.99), ("p999", 0.999)];

impl Read for Slo {
    const LIST: bool = true;

    fn read(arg: &Arg) -> syn::Result<Self> {
        let pairs =
            pairs(arg, "this objective", "expected an objective, such as `slo(ok = 99.9, p99 = \"250ms\")`")?;
        let mut slo = Self::default();
        for (name, value) in pairs {
            slo.add(&name, &value)?;
        }
        Ok(slo)
    }
}

impl Slo {
    fn add(&mut self, name: &Ident, value: &Expr) -> syn::Result<()> {
        if name == "ok" {
            if self.ok.replace(percent(value)?).is_some() {
                return Err(syn::Error::new(name.span(), "`ok` is given twice: keep one"));
            }
            return Ok(());
        }
        let Some((_, quantile)) = QUANTILES.into_iter().find(|(word, _)| name == word) else {
            let known = QUANTILES.iter().map(|(word, _)| *word).chain(["ok"]);
            let hint = did_you_mean(&name.to_string(), known);
            return Err(syn::Error::new(
                name.span(),
                format!(
                    "an objective has no `{name}`; {hint}it takes `ok`, and one of `p50`, `p75`, `p90`, `p95`, `p99`, `p999`"
                ),
            ));
        };
        let limit = Duration::from_expr(value)?;
        match limit.nanos() {
            Some(0) => {
                return Err(syn::Error::new_spanned(value, "no call takes no time: give a longer limit"));
            }
            Some(_) => {}
            None => {
                return Err(syn::Error::new_spanned(
                    value,
                    "an objective is known when the program is compiled: write a duration such as \"250ms\"",
                ));
            }
        }
        if self.latency.replace((quantile, limit)).is_some() {
            return Err(syn::Error::new(name.span(), "an objective has one quantile: keep one"));
        }
        Ok(())
    }

    pub(super) fn write(&self, root: &Root) -> TokenStream {
        let mut slo = quote!(#root::metered::Slo::new());
        if let Some(ok) = self.ok {
            slo.extend(quote!(.ok(#ok)));
        }
        if let Some((quantile, limit)) = &self.latency {
            let limit = limit.write(root);
            slo.extend(quote!(.latency(#quantile, #limit)));
        }
        slo
    }
}

fn percent(value: &Expr) -> syn::Result<f64> {
    let form = "a percentage above 0 and below 100, such as 99.9";
    let number: f64 = match literal(value) {
        Some((Lit::Float(number), false)) => number.base10_parse()?,
        Some((Lit::Int(number), false)) => number.base10_parse()?,
        _ => return Err(syn::Error::new_spanned(value, format!("expected {form}"))),
    };
    if number > 0.0 && number <= 1.0 {
        let meant = format!("{:.6}", number * 100.0);
        let meant = meant.trim_end_matches('0').trim_end_matches('.');
        let hint = if number < 1.0 { format!(": for {number} write {meant}") } else { String::new() };
        return Err(syn::Error::new_spanned(value, format!("`ok` is {form}{hint}")));
    }
    if number >= 100.0 {
        return Err(syn::Error::new_spanned(
            value,
            format!("`ok` is {form}: without a budget for errors every one is an alert"),
        ));
    }
    if number <= 0.0 {
        return Err(syn::Error::new_spanned(value, format!("`ok` is {form}")));
    }
    Ok(number)
}
