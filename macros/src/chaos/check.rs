use super::read::Room;
use crate::{
    errors::Errors,
    item::Flavor,
    options::check_instance,
    stack::{Head, Stack},
    values::check_constants,
};

impl Room {
    pub(super) fn check_options(&self, _head: &Head, stack: &Stack, errors: &mut Errors) {
        check_constants(&self.constants(), &stack.arguments, errors);
        let options = &self.options;
        check_instance(options.with.as_ref(), options.given(), &["error", "after"], errors);
        match (&options.latency, &options.latency_rate) {
            (Some(latency), None) if !options.mentions("latency_rate") => {
                errors.at(&latency.key, "how many calls are late? write `latency_rate = 0.1` too")
            }
            (None, Some(rate)) if !options.mentions("latency") => {
                errors.at(&rate.key, "late by how much? write `latency = \"200ms\"` too");
            }
            _ => {}
        }
        match (&options.latency, &options.latency_max) {
            (None, Some(most)) if !options.mentions("latency") => errors.at(
                &most.key,
                "the most of what? write `latency = \"50ms\"` too, the least that a late call waits",
            ),
            (Some(least), Some(most))
                if least.value.nanos().zip(most.value.nanos()).is_some_and(|(least, most)| most < least) =>
            {
                errors.at(most.value.token(), "`latency_max` is the most and no less than `latency`");
            }
            (Some(latency), None) if latency.value.nanos() == Some(0) => {
                errors.at(latency.value.token(), "a call that is late by nothing is on time");
            }
            _ => {}
        }
        if let Some(drops) = &options.drop_rate
            && stack.returns.flavor == Flavor::Sync
        {
            errors.at(
                &drops.key,
                "a sync call that never answers could not be ended by anybody: make the function `async`, or use \
                 `error_rate` or a long `latency`",
            );
        }
        self.check_sum(errors);
    }

    /// A call has one end.
    fn check_sum(&self, errors: &mut Errors) {
        let options = &self.options;
        let ends = [&options.error_rate, &options.panic_rate, &options.drop_rate];
        let sum: f64 = ends.iter().filter_map(|rate| rate.as_ref()?.value.known()).sum();
        // What is not known here is found out when the constant is evaluated.
        if sum > 1.0 + 1e-9 {
            for rate in ends.into_iter().flatten() {
                errors.at(
                    &rate.key,
                    "a call has one end: `error_rate`, `panic_rate` and `drop_rate` are at most 1 together",
                );
            }
        }
    }

    /// The options that only rustc can evaluate.
    pub(super) fn constants(&self) -> Vec<&syn::Expr> {
        let options = &self.options;
        let times = [&options.latency, &options.latency_max];
        let times = times.into_iter().flatten().filter_map(|given| given.value.expr());
        let rates = [&options.latency_rate, &options.error_rate, &options.panic_rate, &options.drop_rate];
        let rates = rates.into_iter().flatten().filter_map(|given| given.value.expr());
        times.chain(rates).chain(options.seed.iter().filter_map(|given| given.value.expr())).collect()
    }
}
