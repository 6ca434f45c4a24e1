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

    fn wrap(&self, cx: &Cx<'_>, inner: TokenStream) -> TokenStream {
        match &self.options.store {
            None => self.write_local(cx, inner),
            Some(store) => self.write_in_store(cx, &store.value.0, inner),
        }
    }

    fn encloses(&self) -> bool {
        self.options.store.is_some() && self.options.transaction.is_none()
    }

    fn uses_arguments_later(&self) -> bool {
        self.options.transaction.is_some()
    }
}
