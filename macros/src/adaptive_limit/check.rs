use super::read::{Algorithm, Room};
use crate::{
    errors::Errors,
    options::{Given, check_instance},
    stack::Stack,
    values::{Count, Ratio, check_constants},
};

impl Room {
    pub(super) fn check_options(&self, stack: &Stack, errors: &mut Errors) {
        let options = &self.options;
        check_constants(&self.constants(), &stack.arguments, errors);
        if let Some(given) = &options.priority {
            given.value.check(&stack.arguments, errors);
        }
        self.check_bounds(errors);
        self.check_shares(errors);
        // Where it could not be read, nobody knows.
        let is_gradient = match &options.algorithm {
            Some(given) => given.value == Algorithm::Gradient,
            None => !options.mentions("algorithm"),
        };
        if is_gradient {
            let keys = [
                options.backoff_ratio.as_ref().map(|given| &given.key),
                options.latency_threshold.as_ref().map(|given| &given.key),
            ];
            for key in keys.into_iter().flatten() {
                errors.at(key, format!("`{key}` belongs to `algorithm = aimd`: add that, or leave it out"));
            }
        }
        if !options.mentions("priority") {
            let keys = [
                options.normal_share.as_ref().map(|given| &given.key),
                options.sheddable_share.as_ref().map(|given| &given.key),
            ];
            for key in keys.into_iter().flatten() {
                errors.at(key, format!("`{key}` needs `priority`: without it every call is critical"));
            }
        }
        if let Some(given) = &options.latency_threshold
            && given.value.nanos() == Some(0)
        {
            errors.at(given.value.token(), "every call takes longer than no time: write a longer one");
        }
        check_instance(
            options.with.as_ref(),
            options.given(),
            &["priority", "overload_if", "overload_on"],
            errors,
        );
    }

    /// As far as the shares are literals; what is left out is as the runtime has it.
    fn check_shares(&self, errors: &mut Errors) {
        const NORMAL: f64 = 0.8;
        const SHEDDABLE: f64 = 0.5;
        let options = &self.options;
        let share = |given: &Option<Given<Ratio>>, usual| {
            given.as_ref().map_or(Some(usual), |given| given.value.known())
        };
        let (normal, sheddable) =
            (share(&options.normal_share, NORMAL), share(&options.sheddable_share, SHEDDABLE));
        let Some(given) = options.sheddable_share.as_ref().or(options.normal_share.as_ref()) else { return };
        if normal < sheddable && normal.is_some() {
            errors.at(
                &given.key,
                "sheddable calls go first: write a `sheddable_share` that is at most `normal_share` (0.5 and 0.8 where \
                 nothing is said)",
            );
        }
    }

    fn check_bounds(&self, errors: &mut Errors) {
        let options = &self.options;
        let known = |given: &Option<Given<Count>>| given.as_ref().and_then(|given| given.value.known());
        let (min, max) = (known(&options.min), known(&options.max));
        if let (Some(least), Some(most), Some(given)) = (min, max, &options.max)
            && most < least
        {
            errors.at(given.value.token(), "`max` is less than `min`: raise it, or lower `min`");
        }
        if let (Some(first), Some(given)) = (known(&options.initial), &options.initial) {
            if min.is_some_and(|least| first < least) {
                errors.at(given.value.token(), "`initial` is less than `min`: raise it, or lower `min`");
            }
            if max.is_some_and(|most| first > most) {
                errors.at(given.value.token(), "`initial` is more than `max`: lower it, or raise `max`");
            }
        }
    }
}
