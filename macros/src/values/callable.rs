use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Expr, Ident, Pat, spanned::Spanned};

use crate::{
    options::{Arg, Read},
    stack::Root,
};

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

impl Callable {
    /// Asks a predicate about the reference that the expansion calls `value`.
    pub(crate) fn ask(&self, root: &Root, value: &str) -> TokenStream {
        let value = self.located(value);
        self.call(root, "ask", &quote!(#value))
    }

    /// Asks when to come back: an `Option<Duration>`.
    pub(crate) fn hint(&self, root: &Root, error: &str) -> TokenStream {
        let (at, span, error) = (root.at(self.span()), self.span(), self.located(error));
        match self {
            Self::Path(_) => {
                let asked = self.call(root, "hint", &quote!(#error));
                quote_spanned!(span=> #at::RetryAfter::retry_after(&#asked))
            }
            Self::Closure(_) => self.call(root, "hint", &quote!(#error)),
        }
    }

    /// Tells a hook of a sync function.
    pub(crate) fn tell(&self, root: &Root, what: &TokenStream) -> TokenStream {
        self.call(root, "tell", what)
    }

    /// A path is called as it is, so that rustc compares it with what it is called with. A closure goes through the
    /// function of that name, which tells it the types of its parameters.
    fn call(&self, root: &Root, through: &str, argument: &TokenStream) -> TokenStream {
        let span = self.span();
        match self {
            Self::Path(path) => match &**path {
                Expr::Field(_) => quote_spanned!(span=> (#path)(#argument)),
                _ => quote_spanned!(span=> #path(#argument)),
            },
            Self::Closure(closure) => {
                let (at, through) = (root.at(span), Ident::new(through, span));
                quote_spanned!(span=> #at::#through(#closure, #argument))
            }
        }
    }

    /// A variable of the expansion, reported where the callable stands.
    pub(crate) fn located(&self, name: &str) -> Ident {
        Ident::new(name, self.span().resolved_at(Span::mixed_site()))
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
