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

    fn check(&self, head: &Head, stack: &Stack, errors: &mut Errors) {
        self.check_options(head, stack, errors);
    }

    fn policy(&self, cx: &Cx<'_>) -> Option<(TokenStream, TokenStream)> {
        self.write_policy(cx)
    }

    fn wrap(&self, cx: &Cx<'_>, inner: TokenStream) -> TokenStream {
        self.write_attempts(cx, inner)
    }

    fn is_cut_off_whole(&self) -> bool {
        true
    }

    fn encloses(&self) -> bool {
        true
    }

    fn as_hedge(&self) -> Option<&Room> {
        Some(self)
    }

    fn budget(&self) -> Option<&Budget> {
        self.options.budget.as_ref().map(|given| &given.value)
    }
}
