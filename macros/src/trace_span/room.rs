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

    fn policy(&self, _: &Cx<'_>) -> Option<(TokenStream, TokenStream)> {
        None
    }

    fn wrap(&self, cx: &Cx<'_>, inner: TokenStream) -> TokenStream {
        self.write_span(cx, inner)
    }

    fn wrap_future(&self, cx: &Cx<'_>, future: &TokenStream) -> Option<TokenStream> {
        Some(self.write_future(cx, future))
    }

    fn encloses(&self) -> bool {
        true
    }

    fn owns_flow(&self) -> bool {
        true
    }

    fn asks_first(&self) -> bool {
        self.options.attrs.is_some() || self.options.parent.is_some()
    }
}
