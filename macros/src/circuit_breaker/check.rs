use super::read::{Room, Window};
use crate::{errors::Errors, options::check_instance, stack::Stack, values::check_constants};

impl Room {
    pub(super) fn check_options(&self, stack: &Stack, errors: &mut Errors) {
        let options = &self.options;
        check_constants(&self.constants(), &stack.arguments, errors);
        let rate_mode = options.mentions("failure_rate") || options.mentions("slow_call");
        if let (Some(threshold), Some(rate)) = (&options.failure_threshold, &options.failure_rate) {
            let problem = "a breaker opens on a run of failures (`failure_threshold`) or on a share of them \
                           (`failure_rate`): keep one";
            errors.at(&threshold.key, problem);
            errors.at(&rate.key, problem);
        }
        if rate_mode && !options.mentions("window") {
            let key = options.failure_rate.as_ref().map(|given| &given.key);
            let key = key.or(options.slow_call.as_ref().map(|given| &given.key));
            if let Some(key) = key {
                errors.at(
                    key,
                    "a share needs a window to be counted in: add `window = 100` or `window = \"30s\"`",
                );
            }
        }
        if !rate_mode {
            let keys = [
                options.window.as_ref().map(|given| &given.key),
                options.minimum_calls.as_ref().map(|given| &given.key),
            ];
            for key in keys.into_iter().flatten() {
                errors.at(key, format!("`{key}` belongs with a share: add `failure_rate` or `slow_call`"));
            }
        }
        if let Some(rate) = &options.slow_call_rate
            && !options.mentions("slow_call")
        {
            errors.at(&rate.key, "`slow_call_rate` needs `slow_call`: how long does a slow call take?");
        }
        if let (Some(minimum), Some(window)) = (&options.minimum_calls, &options.window)
            && let (Some(calls), Window::Count(size)) = (minimum.value.known(), &window.value)
            && size.known().is_some_and(|size| calls > size)
        {
            errors.at(
                minimum.value.token(),
                "`minimum_calls` is more than the window holds: the breaker would never be judged",
            );
        }
        self.check_periods(errors);
        self.check_key_and_instance(errors);
    }

    fn check_periods(&self, errors: &mut Errors) {
        let options = &self.options;
        let zero = "must be more than zero";
        for given in [&options.slow_call, &options.timeout, &options.max_timeout].into_iter().flatten() {
            if given.value.nanos() == Some(0) {
                errors.at(given.value.token(), format!("`{}` {zero}", given.key));
            }
        }
        if let Some(given) = &options.window
            && let Window::Time(time) = &given.value
            && time.nanos() == Some(0)
        {
            errors.at(time.token(), format!("`window` {zero}"));
        }
        let timeout = match &options.timeout {
            Some(given) => given.value.nanos(),
            None if options.mentions("timeout") => None,
            None => Some(60_000_000_000),
        };
        if let (Some(given), Some(timeout)) = (&options.max_timeout, timeout)
            && given.value.nanos().is_some_and(|most| most < timeout)
        {
            errors.at(
                given.value.token(),
                match options.timeout {
                    Some(_) => "`max_timeout` is less than `timeout`: the open period could not even start",
                    None => {
                        "`max_timeout` is less than `timeout`, which is 60 s unless set: raise it or set `timeout` too"
                    }
                },
            );
        }
    }

    fn check_key_and_instance(&self, errors: &mut Errors) {
        let options = &self.options;
        if let Some(most) = &options.max_keys
            && !options.mentions("key")
        {
            errors.at(&most.key, "`max_keys` needs `key`: one breaker for each value of what?");
        }
        check_instance(
            options.with.as_ref(),
            options.given(),
            &["failure_if", "failure_on", "ignore_on", "key"],
            errors,
        );
    }
}
