use syn::{Expr, Lit, LitStr, Token, parse::Parser, punctuated::Punctuated};

use crate::{
    options::{Arg, Read, Value, unreadable},
    values::literal,
};

/// What a handler comes after: functions under `#[on_shutdown]`, and the names of others.
pub(crate) struct After(pub(crate) Vec<Earlier>);

pub(crate) enum Earlier {
    Function(Expr),
    Name(LitStr),
}

impl Read for After {
    // `after = one` is read as well.
    const LIST: bool = true;

    fn read(arg: &Arg) -> syn::Result<Self> {
        if let Value::Expr(expr) = &arg.value {
            return Earlier::of(expr).map(|one| Self(vec![one]));
        }
        let (paren, tokens) = arg.list()?;
        let several = Punctuated::<Expr, Token![,]>::parse_terminated
            .parse2(tokens)
            .map_err(|error| unreadable("this list of handlers", paren.span.join(), &error))?;
        if several.is_empty() {
            return Err(syn::Error::new(
                paren.span.join(),
                "expected the handlers that come first, such as `after(flush_orders, \"index\")`",
            ));
        }
        several.iter().map(Earlier::of).collect::<syn::Result<_>>().map(Self)
    }
}

impl Earlier {
    fn of(expr: &Expr) -> syn::Result<Self> {
        match (literal(expr), expr) {
            (Some((Lit::Str(name), false)), _) => Ok(Self::Name(name.clone())),
            (None, Expr::Path(_)) => Ok(Self::Function(expr.clone())),
            (None, Expr::Group(group)) => Self::of(&group.expr),
            (None, Expr::Array(_) | Expr::Tuple(_)) => Err(syn::Error::new_spanned(
                expr,
                "write several handlers as `after(flush_orders, \"index\")`",
            )),
            _ => Err(syn::Error::new_spanned(
                expr,
                "expected a function under `#[on_shutdown]`, such as `flush_orders`, or the name of a handler, such as \"index\"",
            )),
        }
    }
}
