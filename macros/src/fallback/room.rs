use proc_macro2::TokenStream;
use syn::Expr;

use super::read::Room;
use crate::{
    errors::Errors,
    options::OptionSet,
    stack::{self, Cx, Head, Stack},
    values::Callable,
};

impl stack::Room for Room {
    fn options(&mut self) -> &mut dyn OptionSet {
        &mut self.options
    }

    fn primary_is(&self) -> Option<&'static str> {
        Some("a path or closure")
    }

    fn primary(&mut self, expr: &Expr, errors: &mut Errors) {
        self.callable = errors.keep(Callable::from_expr(expr));
        self.misread = self.callable.is_none();
    }

    fn check(&self, head: &Head, stack: &Stack, errors: &mut Errors) {
        self.check_callable(head, stack, errors);
    }

    fn policy(&self, cx: &Cx<'_>) -> Option<(TokenStream, TokenStream)> {
        Some(self.write_policy(cx))
    }

    fn wrap(&self, cx: &Cx<'_>, inner: TokenStream) -> TokenStream {
        self.write_match(cx, inner)
    }

    fn as_fallback(&self) -> Option<&Room> {
        Some(self)
    }
}
