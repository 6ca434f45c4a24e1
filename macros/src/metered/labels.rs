use syn::{Expr, Ident, ext::IdentExt};

use crate::{
    options::{Arg, Read},
    values::pairs,
};

/// Labels with the expressions that give their values.
pub(crate) struct Labels(pub(crate) Vec<(Ident, Expr)>);

/// As many as a tuple of labels may have.
const MOST: usize = 6;

/// Names that our own metrics and the format use.
const RESERVED: [&str; 6] = ["function", "outcome", "error_type", "le", "quantile", "otel_metric_overflow"];

impl Read for Labels {
    const LIST: bool = true;

    fn read(arg: &Arg) -> syn::Result<Self> {
        let pairs = pairs(
            arg,
            "this list of labels",
            "expected labels with their values, such as `labels(kind = order.kind)`",
        )?;
        if let Some((name, _)) = pairs.get(MOST) {
            return Err(syn::Error::new(
                name.span(),
                format!("keep to {MOST} labels or fewer: their values multiply"),
            ));
        }
        for (index, (name, _)) in pairs.iter().enumerate() {
            let word = name.unraw().to_string();
            if RESERVED.contains(&word.as_str()) || word.starts_with("__") {
                return Err(syn::Error::new(
                    name.span(),
                    format!("the label `{word}` is taken by the metric itself: call it something else"),
                ));
            }
            if pairs[..index].iter().any(|(other, _)| other == name) {
                return Err(syn::Error::new(
                    name.span(),
                    format!("the label `{word}` is there twice: keep one"),
                ));
            }
        }
        Ok(Self(pairs))
    }
}
