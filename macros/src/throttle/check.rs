use super::read::Room;
use crate::{errors::Errors, options::check_instance, stack::Stack, values::check_constants};

impl Room {
    pub(super) fn check_options(&self, stack: &Stack, errors: &mut Errors) {
        let options = &self.options;
        check_constants(&self.constants(), &stack.arguments, errors);
        if let Some(given) = &options.window
            && given.value.nanos().is_some_and(|nanos| nanos < 1_000_000_000)
        {
            errors.at(given.value.token(), "`window` is at least a second, such as \"2m\"");
        }
        check_instance(
            options.with.as_ref(),
            options.given(),
            &["reject_if", "reject_on", "ignore_on"],
            errors,
        );
    }
}
