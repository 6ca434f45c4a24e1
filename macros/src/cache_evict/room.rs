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

    fn check(&self, head: &Head, _: &Stack, errors: &mut Errors) {
        self.check_options(head, errors);
    }

    fn policy(&self, _: &Cx<'_>) -> Option<(TokenStream, TokenStream)> {
        None
    }

    fn wrap(&self, cx: &Cx<'_>, inner: TokenStream) -> TokenStream {
        self.write_eviction(cx, inner)
    }

    fn asks_first(&self) -> bool {
        true
    }
}
