use proc_macro2::TokenStream;
use syn::Expr;

use super::read::Room;
use crate::{
    errors::Errors,
    options::OptionSet,
    stack::{self, Cx, Head, Stack},
    values::Duration,
};

impl stack::Room for Room {
    fn options(&mut self) -> &mut dyn OptionSet {
        &mut self.options
    }

    /// Beside a `limit` by its name, a text in the first place is the policy's name.
    fn primary_is(&self) -> Option<&'static str> {
        if self.options.mentions("limit") { None } else { Some("a duration") }
    }

    fn primary(&mut self, expr: &Expr, errors: &mut Errors) {
        self.unnamed = errors.keep(Duration::from_expr(expr));
        self.misread = self.unnamed.is_none();
    }

    fn check(&self, head: &Head, stack: &Stack, errors: &mut Errors) {
        self.check_limit(head, stack, errors);
    }

    fn policy(&self, cx: &Cx<'_>) -> Option<(TokenStream, TokenStream)> {
        self.write_policy(cx)
    }

    fn wrap(&self, cx: &Cx<'_>, inner: TokenStream) -> TokenStream {
        if self.options.blocking.is_some() {
            self.write_thread(cx, inner)
        } else {
            self.write_deadline(cx, inner)
        }
    }

    fn sets_deadline(&self) -> bool {
        self.options.blocking.is_none()
    }

    fn leaves_thread(&self) -> bool {
        self.options.blocking.is_some()
    }

    fn as_timeout(&self) -> Option<&Room> {
        Some(self)
    }
}
