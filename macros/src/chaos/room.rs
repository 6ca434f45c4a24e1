use proc_macro2::TokenStream;

use super::read::Room;
use crate::{
    errors::Errors,
    options::OptionSet,
    stack::{self, Cx, Head, Stack},
};

impl stack::Room for Room {
    fn options(&mut self) -> &mut dyn OptionSet {
        &mut self.options
    }

    fn check(&self, head: &Head, stack: &Stack, errors: &mut Errors) {
        self.check_options(head, stack, errors);
    }

    fn policy(&self, cx: &Cx<'_>) -> Option<(TokenStream, TokenStream)> {
        self.write_policy(cx)
    }

    /// It stands in the body's own block and not around it: see [`Room::write_before`].
    fn wrap(&self, _cx: &Cx<'_>, inner: TokenStream) -> TokenStream {
        inner
    }

    fn may_refuse(&self) -> bool {
        self.options.error.is_none()
    }

    fn as_chaos(&self) -> Option<&Self> {
        Some(self)
    }
}
