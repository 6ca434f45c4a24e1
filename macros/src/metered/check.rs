use super::read::Room;
use crate::{errors::Errors, stack::Stack, values::check_constants};

impl Room {
    pub(super) fn check_options(&self, stack: &Stack, errors: &mut Errors) {
        check_constants(&self.constants(), &stack.arguments, errors);
    }

    /// The options that only rustc can evaluate.
    pub(super) fn constants(&self) -> Vec<&syn::Expr> {
        self.options.buckets.iter().filter_map(|given| given.value.expr()).collect()
    }
}
