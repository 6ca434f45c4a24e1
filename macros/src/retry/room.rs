use proc_macro2::TokenStream;

use super::read::Room;
use crate::{
    errors::Errors,
    options::OptionSet,
    stack::{self, Cx, Head, Stack},
    values::Budget,
};

impl stack::Room for Room {
    fn options(&mut self) -> &mut dyn OptionSet {
        &mut self.options
    }

    fn check(&self, _: &Head, stack: &Stack, errors: &mut Errors) {
        self.check_options(stack, errors);
    }

    fn policy(&self, cx: &Cx<'_>) -> Option<(TokenStream, TokenStream)> {
        self.write_policy(cx)
    }

    fn wrap(&self, cx: &Cx<'_>, inner: TokenStream) -> TokenStream {
        self.write_loop(cx, inner)
    }

    fn budget(&self) -> Option<&Budget> {
        self.options.budget.as_ref().map(|given| &given.value)
    }

    fn as_retry(&self) -> Option<&Room> {
        Some(self)
    }
}
