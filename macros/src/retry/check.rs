use super::read::Room;
use crate::{errors::Errors, item::check_cloned, options::check_instance, stack::Stack};

const SECOND: u64 = 1_000_000_000;

impl Room {
    pub(super) fn check_options(&self, stack: &Stack, errors: &mut Errors) {
        let options = &self.options;
        check_instance(
            options.with.as_ref(),
            options.given(),
            &["retry_if", "retry_on", "abort_on", "retry_ok_if", "retry_after", "before_retry", "clone"],
            errors,
        );
        self.check_delays(errors);
        check_cloned(self.cloned(), &stack.arguments, errors);
        if let Some(given) = &options.exponential_base
            && !matches!(
                options.backoff.as_ref().map(|given| &given.value),
                None | Some(crate::values::BackoffWord::Known(crate::values::KnownBackoff::Exponential))
            )
        {
            errors.at(
                &given.key,
                "`exponential_base` has no effect with this `backoff`: leave one of them out",
            );
        }
    }

    fn check_delays(&self, errors: &mut Errors) {
        let options = &self.options;
        let nanos =
            |given: &Option<crate::options::Given<crate::values::Duration>>, name, default| match given {
                Some(given) => given.value.nanos(),
                None if options.mentions(name) => None,
                None => Some(default),
            };
        let initial = nanos(&options.initial_delay, "initial_delay", SECOND);
        let max = nanos(&options.max_delay, "max_delay", 60 * SECOND);
        if let (Some(initial), Some(max)) = (initial, max)
            && max < initial
        {
            match (&options.max_delay, &options.initial_delay) {
                (Some(given), _) => errors.at(
                    given.value.token(),
                    "`max_delay` is less than `initial_delay`: every wait would be cut to it; raise it or lower the other",
                ),
                (None, Some(given)) => errors.at(
                    given.value.token(),
                    "`initial_delay` is more than `max_delay`, which is 60 s unless set: set it as well",
                ),
                (None, None) => {}
            }
        }
        if let Some(given) = &options.max_elapsed
            && let (Some(limit), Some(initial)) = (given.value.nanos(), initial)
            && limit <= initial
        {
            errors.at(
                given.value.token(),
                "`max_elapsed` is not longer than `initial_delay`: no second attempt could ever start",
            );
        }
    }
}
