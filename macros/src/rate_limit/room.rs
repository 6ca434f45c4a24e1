use proc_macro2::TokenStream;
use syn::Expr;

use super::read::Room;
use crate::{
    errors::Errors,
    options::OptionSet,
    stack::{self, Cx, Head, Stack},
    values::Rate,
};

impl stack::Room for Room {
    fn options(&mut self) -> &mut dyn OptionSet {
        &mut self.options
    }

    fn primary_is(&self) -> Option<&'static str> {
        Some("a rate")
    }

    fn primary(&mut self, expr: &Expr, errors: &mut Errors) {
        self.rate = errors.keep(Rate::from_expr(expr));
        self.misread = self.rate.is_none();
    }

    fn check(&self, head: &Head, stack: &Stack, errors: &mut Errors) {
        self.check_options(head, stack, errors);
    }

    fn policy(&self, cx: &Cx<'_>) -> Option<(TokenStream, TokenStream)> {
        self.write_policy(cx)
    }

    fn wrap(&self, cx: &Cx<'_>, inner: TokenStream) -> TokenStream {
        self.write_admission(cx, inner)
    }
}
