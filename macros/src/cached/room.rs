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
        self.write_lookup(cx, inner)
    }

    fn leaves_thread(&self) -> bool {
        self.refreshes()
    }

    fn copies_arguments(&self) -> bool {
        self.refreshes()
    }

    fn asks_first(&self) -> bool {
        true
    }
}
