use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Expr, Lit};

use super::literal;
use crate::{
    options::{Arg, Read},
    stack::Root,
};

/// A span of time: a checked text such as `"250ms"`, or an expression of type `Duration`.
#[derive(Clone)]
pub(crate) enum Duration {
    Nanos { nanos: u64, token: Expr },
    Expr(Expr),
}

impl Duration {
    /// The expression that only rustc can evaluate, if it is one.
    pub(crate) fn expr(&self) -> Option<&Expr> {
        match self {
            Self::Expr(expr) => Some(expr),
            _ => None,
        }
    }

    pub(crate) fn from_expr(expr: &Expr) -> syn::Result<Self> {
        let Some((lit, negative)) = literal(expr) else { return Ok(Self::Expr(expr.clone())) };
        let error = |message: String| Err(syn::Error::new_spanned(expr, message));
        match lit {
            Lit::Str(text) if !negative => match parse(&text.value()) {
                Ok(nanos) => Ok(Self::Nanos { nanos, token: expr.clone() }),
                Err(problem) => error(problem),
            },
            Lit::Int(number) if negative => {
                error(format!("a duration cannot be negative; write \"{number}s\""))
            }
            Lit::Int(number) => error(format!(
                "a duration needs a unit: write \"{number}s\" or \"{number}ms\"",
                number = number.base10_digits()
            )),
            Lit::Float(number) => {
                error(format!("a duration needs a unit: write \"{}s\"", number.base10_digits()))
            }
            _ => error(
                "expected a duration such as \"250ms\" or \"1m30s\", or an expression of type `Duration`"
                    .into(),
            ),
        }
    }

    /// Whether a text is a span of time.
    pub(crate) fn is_one(text: &str) -> bool {
        parse(text).is_ok()
    }

    pub(crate) fn nanos(&self) -> Option<u64> {
        match self {
            Self::Nanos { nanos, .. } => Some(*nanos),
            Self::Expr(_) => None,
        }
    }

    pub(crate) fn is_expr(&self) -> bool {
        matches!(self, Self::Expr(_))
    }

    /// Its token, for errors.
    pub(crate) fn token(&self) -> &Expr {
        match self {
            Self::Nanos { token, .. } | Self::Expr(token) => token,
        }
    }

    pub(crate) fn write(&self, root: &Root) -> TokenStream {
        match self {
            Self::Nanos { nanos, .. } => quote!(#root::Duration::from_nanos(#nanos)),
            Self::Expr(expr) => expr.to_token_stream(),
        }
    }
}

impl Read for Duration {
    fn read(arg: &Arg) -> syn::Result<Self> {
        Self::from_expr(arg.expr()?)
    }
}

/// Nanoseconds of a text such as `1m30s`, `250ms`, `1.5s`, `2h`.
fn parse(text: &str) -> Result<u64, String> {
    const EXAMPLE: &str = "write for example \"250ms\", \"2s\", \"1m30s\"";
    const UNITS: [(&str, u64); 9] = [
        ("ns", 1),
        ("us", 1_000),
        ("µs", 1_000),
        ("ms", 1_000_000),
        ("s", 1_000_000_000),
        ("m", 60_000_000_000),
        ("min", 60_000_000_000),
        ("h", 3_600_000_000_000),
        ("d", 86_400_000_000_000),
    ];
    let mut rest = text.trim();
    if rest.is_empty() {
        return Err(format!("an empty text is no duration; {EXAMPLE}"));
    }
    if rest.starts_with('-') {
        return Err(format!("a duration cannot be negative; {EXAMPLE}"));
    }
    let mut total = 0_u64;
    let mut last_unit = u64::MAX;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.' && c != '_').unwrap_or(rest.len());
        let (number, after) = rest.split_at(digits);
        let letters = after.find(|c: char| !c.is_alphabetic()).unwrap_or(after.len());
        let (unit, after) = after.split_at(letters);
        let number = number.replace('_', "");
        if number.is_empty() {
            return Err(format!("`{text}` is no duration: a number is missing before `{rest}`; {EXAMPLE}"));
        }
        if unit.is_empty() {
            return Err(format!("`{text}` is no duration: `{number}` needs a unit; {EXAMPLE}"));
        }
        let Some((_, nanos)) = UNITS.iter().find(|(name, _)| *name == unit) else {
            return Err(format!("`{unit}` is no unit of time: use ns, us, ms, s, m, h or d"));
        };
        if *nanos >= last_unit {
            return Err(format!("`{text}`: write larger units first and each once; {EXAMPLE}"));
        }
        last_unit = *nanos;
        let part =
            scale(&number, *nanos).ok_or_else(|| format!("`{text}` is too long: at most 584 years fit"));
        total = part?.and_then(|part| total.checked_add(part)).ok_or_else(|| {
            format!("`{number}{unit}` is no whole number of nanoseconds, or too long: at most 584 years fit")
        })?;
        rest = after.trim_start();
    }
    Ok(total)
}

/// `number × unit`: `None` if it does not fit, `Some(None)` if it is not whole.
fn scale(number: &str, unit: u64) -> Option<Option<u64>> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let whole = if whole.is_empty() { 0 } else { whole.parse::<u64>().ok()? };
    let mut nanos = whole.checked_mul(unit)?;
    if !fraction.is_empty() {
        let Ok(digits) = fraction.parse::<u64>() else { return Some(None) };
        let Some(divisor) = u32::try_from(fraction.len()).ok().and_then(|n| 10_u128.checked_pow(n)) else {
            return Some(None);
        };
        let scaled = u128::from(digits) * u128::from(unit);
        if scaled % divisor != 0 {
            return Some(None);
        }
        nanos = nanos.checked_add(u64::try_from(scaled / divisor).ok()?)?;
    }
    Some(Some(nanos))
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn durations_are_read_exactly() {
        for (text, nanos) in [
            ("250ms", 250_000_000),
            ("2s", 2_000_000_000),
            ("1m30s", 90_000_000_000),
            ("1m 30s", 90_000_000_000),
            ("1.5s", 1_500_000_000),
            ("0s", 0),
            ("1h", 3_600_000_000_000),
            ("5us", 5_000),
            ("1_000ms", 1_000_000_000),
            ("1d2h3m4s5ms6us7ns", 93_784_005_006_007),
        ] {
            assert_eq!(parse(text), Ok(nanos), "{text}");
        }
    }

    #[test]
    fn what_is_no_duration_is_explained() {
        for (text, part) in [
            ("", "empty"),
            ("5", "needs a unit"),
            ("ms", "a number is missing"),
            ("-5s", "negative"),
            ("5 parsecs", "needs a unit"),
            ("5parsecs", "no unit of time"),
            ("5s1m", "larger units first"),
            ("5s5s", "larger units first"),
            ("99999999999h", "584 years"),
            ("0.1ns", "no whole number"),
            ("1.2.3s", "no whole number"),
        ] {
            assert!(parse(text).is_err_and(|problem| problem.contains(part)), "{text}: {:?}", parse(text));
        }
    }
}
