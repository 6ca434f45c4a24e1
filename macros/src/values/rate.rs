use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Expr, Lit};

use super::{Duration, literal};
use crate::stack::Root;

/// So many per period: a checked text such as `"100/s"`, or a constant expression of type `Rate`.
#[derive(Clone)]
pub(crate) enum Rate {
    Known { amount: u32, nanos: u64 },
    Expr(Expr),
}

const EXAMPLE: &str = "write for example \"100/s\", \"5/min\", \"1000/h\" or \"10/250ms\"";

impl Rate {
    /// The expression that only rustc can evaluate, if it is one.
    pub(crate) fn expr(&self) -> Option<&Expr> {
        match self {
            Self::Expr(expr) => Some(expr),
            _ => None,
        }
    }

    pub(crate) fn from_expr(expr: &Expr) -> syn::Result<Self> {
        let Some((lit, _)) = literal(expr) else { return Ok(Self::Expr(expr.clone())) };
        let problem = match lit {
            Lit::Str(text) => match parse(&text.value()) {
                Ok((amount, nanos)) => return Ok(Self::Known { amount, nanos }),
                Err(problem) => problem,
            },
            Lit::Int(number) => format!("a rate needs a period: write \"{}/s\"", number.base10_digits()),
            _ => format!("expected a rate; {EXAMPLE}"),
        };
        Err(syn::Error::new_spanned(expr, problem))
    }

    pub(crate) fn amount(&self) -> Option<u32> {
        match self {
            Self::Known { amount, .. } => Some(*amount),
            Self::Expr(_) => None,
        }
    }

    pub(crate) fn write(&self, root: &Root) -> TokenStream {
        match self {
            Self::Known { amount, nanos } => {
                quote!(#root::Rate::new(#amount, #root::Duration::from_nanos(#nanos)))
            }
            Self::Expr(expr) => expr.to_token_stream(),
        }
    }
}

fn parse(text: &str) -> Result<(u32, u64), String> {
    let Some((amount, period)) = text.split_once('/') else {
        return Err(format!("`{text}` is no rate; {EXAMPLE}"));
    };
    let digits = amount.trim().replace('_', "");
    let amount = match digits.parse::<u32>() {
        Ok(0) => return Err(format!("a rate of zero would admit nothing; {EXAMPLE}")),
        Ok(amount) => amount,
        Err(_) => {
            return Err(format!("`{amount}` is no whole number from 1 to {}; {EXAMPLE}", u32::MAX));
        }
    };
    let period = match period.trim() {
        "s" | "sec" | "second" => "1s".to_owned(),
        "m" | "min" | "minute" => "1m".to_owned(),
        "h" | "hour" => "1h".to_owned(),
        "d" | "day" => "1d".to_owned(),
        "ms" => "1ms".to_owned(),
        other => other.to_owned(),
    };
    let token: Expr = syn::parse_quote!(#period);
    let nanos = match Duration::from_expr(&token) {
        Ok(Duration::Nanos { nanos: 0, .. }) => {
            return Err(format!("the period of a rate cannot be zero; {EXAMPLE}"));
        }
        Ok(Duration::Nanos { nanos, .. }) => nanos,
        _ => return Err(format!("`{period}` is no period; {EXAMPLE}")),
    };
    if u64::from(amount) > nanos {
        return Err("a rate is at most 1,000,000,000 per second".to_owned());
    }
    Ok((amount, nanos))
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn rates_are_read_exactly() {
        for (text, rate) in [
            ("100/s", (100, 1_000_000_000)),
            ("5/min", (5, 60_000_000_000)),
            ("1_000/h", (1000, 3_600_000_000_000)),
            ("10/250ms", (10, 250_000_000)),
            ("3 / 2s", (3, 2_000_000_000)),
        ] {
            assert_eq!(parse(text), Ok(rate), "{text}");
        }
    }

    #[test]
    fn what_is_no_rate_is_explained() {
        for (text, part) in [
            ("100", "no rate"),
            ("0/s", "zero"),
            ("-1/s", "no whole number"),
            ("1.5/s", "no whole number"),
            ("10/0s", "period"),
            ("10/fortnight", "no period"),
            ("2000000000/s", "at most"),
        ] {
            assert!(parse(text).is_err_and(|problem| problem.contains(part)), "{text}: {:?}", parse(text));
        }
    }
}
