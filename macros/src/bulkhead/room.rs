use proc_macro2::TokenStream;
use syn::Expr;

use super::read::Room;
use crate::{
    errors::Errors,
    options::OptionSet,
    stack::{self, Cx, Head, Stack},
    values::{Count, literal},
};

impl stack::Room for Room {
    fn options(&mut self) -> &mut dyn OptionSet {
        &mut self.options
    }

    fn primary_is(&self) -> Option<&'static str> {
        Some("a number of calls")
    }

    fn primary(&mut self, expr: &Expr, errors: &mut Errors) {
        self.limit = match literal(expr) {
            Some((syn::Lit::Str(name), _)) => {
                let name = name.token().to_string();
                let problem = format!("how many calls may be in flight? write `#[bulkhead({name}, 10)]`");
                errors.at(expr, problem);
                None
            }
            _ => errors.keep(Count::from_expr(expr, "the number of calls in flight")),
        };
        self.misread = self.limit.is_none();
    }

    fn check(&self, head: &Head, stack: &Stack, errors: &mut Errors) {
        self.check_options(head, stack, errors);
    }

    fn policy(&self, cx: &Cx<'_>) -> Option<(TokenStream, TokenStream)> {
        self.write_policy(cx)
    }

    fn wrap(&self, cx: &Cx<'_>, inner: TokenStream) -> TokenStream {
        self.write_entry(cx, inner)
    }
}
