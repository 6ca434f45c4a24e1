use quote::ToTokens;
use syn::{Expr, ExprPath, Lit, LitStr, Path};

use super::literal;
use crate::options::{Arg, Read};

/// A text, such as a policy's name.
pub(crate) struct Text(pub(crate) LitStr);

impl Read for Text {
    fn read(arg: &Arg) -> syn::Result<Self> {
        let expr = arg.expr()?;
        match literal(expr) {
            Some((Lit::Str(text), false)) => Self::checked(text),
            _ => Err(syn::Error::new_spanned(expr, "expected a text such as \"payments\"")),
        }
    }
}

impl Text {
    pub(crate) fn checked(text: &LitStr) -> syn::Result<Self> {
        if text.value().trim().is_empty() {
            return Err(syn::Error::new(text.span(), "a policy's name cannot be empty"));
        }
        Ok(Self(text.clone()))
    }
}

/// The path under which the `mainstay` crate is known.
pub(crate) struct CratePath(pub(crate) Path);

impl Read for CratePath {
    fn read(arg: &Arg) -> syn::Result<Self> {
        match arg.expr()? {
            Expr::Path(ExprPath { qself: None, path, .. })
                if path.segments.iter().all(|segment| segment.arguments.is_none()) =>
            {
                Ok(Self(path.clone()))
            }
            other => Err(syn::Error::new_spanned(
                other,
                "expected the path of the crate, such as `crate = my_mainstay`",
            )),
        }
    }
}

/// A path to a function.
pub(crate) struct Function(pub(crate) Expr);

impl Read for Function {
    fn read(arg: &Arg) -> syn::Result<Self> {
        let expr = arg.expr()?;
        match super::Callable::from_expr(expr) {
            Ok(callable) => Ok(Self(syn::parse2(callable.to_token_stream())?)),
            Err(error) => Err(error),
        }
    }
}

/// Any expression over the arguments.
pub(crate) struct AnyExpr(pub(crate) Expr);

impl Read for AnyExpr {
    fn read(arg: &Arg) -> syn::Result<Self> {
        arg.expr().cloned().map(Self)
    }
}
