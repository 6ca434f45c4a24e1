use proc_macro2::TokenStream;

use super::read::{Options, Room};
use crate::{
    errors::Errors,
    options::Arg,
    stack::{self, Cx, Head, Stack},
};

impl stack::Room for Room {
    fn names(&self) -> &'static [&'static str] {
        Options::NAMES
    }

    fn lists(&self) -> Vec<&'static str> {
        Options::lists()
    }

    fn named(&mut self, arg: &Arg, errors: &mut Errors) -> bool {
        self.options.read(arg, errors)
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

    fn as_retry(&self) -> Option<&Room> {
        Some(self)
    }
}
