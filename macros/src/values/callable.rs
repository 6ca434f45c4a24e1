use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Expr, Pat};

use crate::options::{Arg, Read};

/// A path to a function, or a closure.
#[derive(Clone)]
pub(crate) enum Callable {
    Path(Box<Expr>),
    Closure(Box<syn::ExprClosure>),
}

impl Callable {
    pub(crate) fn from_expr(expr: &Expr) -> syn::Result<Self> {
        match expr {
            Expr::Path(_) | Expr::Field(_) | Expr::Call(_) | Expr::MethodCall(_) => {
                Ok(Self::Path(Box::new(expr.clone())))
            }
            Expr::Closure(closure) => Ok(Self::Closure(Box::new(closure.clone()))),
            Expr::Group(group) => Self::from_expr(&group.expr),
            Expr::Paren(paren) => Self::from_expr(&paren.expr),
            _ => Err(syn::Error::new_spanned(expr, "expected a path to a function, or a closure")),
        }
    }
}

/// How many parameters a closure has, and the names of those that have one.
pub(crate) fn arity(closure: &syn::ExprClosure) -> Vec<Option<&syn::Ident>> {
    fn name(pattern: &Pat) -> Option<&syn::Ident> {
        match pattern {
            Pat::Ident(pattern) => Some(&pattern.ident),
            Pat::Type(typed) => name(&typed.pat),
            _ => None,
        }
    }
    closure.inputs.iter().map(name).collect()
}

impl ToTokens for Callable {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            Self::Path(path) => path.to_tokens(tokens),
            Self::Closure(closure) => closure.to_tokens(tokens),
        }
    }
}

impl Read for Callable {
    fn read(arg: &Arg) -> syn::Result<Self> {
        Self::from_expr(arg.expr()?)
    }
}
