use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::{Expr, Ident, Lit, LitStr};

use super::{Ratio, Text, literal};
use crate::{
    options::{Arg, Read},
    stack::{Cx, Kind},
    suggest::did_you_mean,
};

/// A budget of further calls: the name of a shared one, or a share of this function's own calls.
pub(crate) enum Budget {
    Shared(LitStr),
    /// Shared, and paid into by a function further out.
    Within(LitStr),
    Own(Ratio),
}

impl Budget {
    /// The name that is shared.
    pub(crate) fn shared(&self) -> Option<&LitStr> {
        match self {
            Self::Shared(name) | Self::Within(name) => Some(name),
            Self::Own(_) => None,
        }
    }

    /// Whether first calls are paid in here.
    pub(crate) fn pays(&self) -> bool {
        !matches!(self, Self::Within(_))
    }

    /// The constant expression that makes it, and whether its name was written.
    pub(crate) fn write(&self, cx: &Cx<'_>) -> (TokenStream, bool) {
        let root = cx.root;
        match self {
            Self::Shared(name) | Self::Within(name) => (quote!(#root::Budget::named(#name)), true),
            Self::Own(ratio) => {
                let name = &cx.head.default_name;
                let make = if cx.head.kind == Kind::Hedge { "of_hedge" } else { "of_retry" };
                let make = Ident::new(make, Span::mixed_site());
                (quote!(#root::Budget::#make(#name, #ratio)), false)
            }
        }
    }
}

impl Read for Budget {
    fn read(arg: &Arg) -> syn::Result<Self> {
        let expr = arg.expr()?;
        match literal(expr) {
            Some((Lit::Str(name), false)) => match name.value().trim().parse::<f64>() {
                Ok(share) => Err(syn::Error::new_spanned(
                    expr,
                    format!(
                        "in quotes this is the name of a shared budget: for a share of the calls write {share}"
                    ),
                )),
                Err(_) => Text::checked(name).map(|name| Self::Shared(name.0)),
            },
            Some((Lit::Int(_) | Lit::Float(_), _)) => Ratio::read(arg).map(Self::Own),
            _ => match called(expr) {
                Some((word, name)) if word == "within" => {
                    Text::checked(name).map(|name| Self::Within(name.0))
                }
                other => {
                    let hint = other.map(|(word, _)| did_you_mean(&word.to_string(), ["within"]));
                    Err(syn::Error::new_spanned(
                        expr,
                        format!(
                            "{}expected the name of a shared budget, such as \"payments\" or within(\"payments\"), or a \
                             share of the calls for one of the function's own, such as 0.1",
                            hint.unwrap_or_default()
                        ),
                    ))
                }
            },
        }
    }
}

/// The word and the name in `within("payments")`.
fn called(expr: &Expr) -> Option<(&Ident, &LitStr)> {
    let Expr::Call(call) = expr else { return None };
    let Expr::Path(path) = &*call.func else { return None };
    let [argument] = call.args.iter().collect::<Vec<_>>()[..] else { return None };
    match literal(argument) {
        Some((Lit::Str(name), false)) => Some((path.path.get_ident()?, name)),
        _ => None,
    }
}
