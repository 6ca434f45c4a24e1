use proc_macro2::TokenStream;

use super::read::Room;
use crate::{
    errors::Errors,
    options::OptionSet,
    stack::{self, Cx, Head, Stack},
    values::check_constants,
};

impl stack::Room for Room {
    fn options(&mut self) -> &mut dyn OptionSet {
        &mut self.options
    }

    fn check(&self, _head: &Head, stack: &Stack, errors: &mut Errors) {
        let constants: Vec<_> = self.options.buckets.iter().filter_map(|given| given.value.expr()).collect();
        check_constants(&constants, &stack.arguments, errors);
    }

    fn policy(&self, _cx: &Cx<'_>) -> Option<(TokenStream, TokenStream)> {
        None
    }

    fn wrap(&self, cx: &Cx<'_>, inner: TokenStream) -> TokenStream {
        self.write_timer(cx, inner)
    }
}
