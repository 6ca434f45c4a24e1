use super::read::{Algorithm, Room};
use crate::{
    errors::Errors,
    options::check_instance,
    stack::{Head, Stack},
    values::{Count, Rate, check_constants, literal},
};

impl Room {
    pub(super) fn check_options(&self, head: &Head, stack: &Stack, errors: &mut Errors) {
        check_constants(&self.constants(), &stack.arguments, errors);
        let options = &self.options;
        match (&self.rate, &options.with) {
            (None, None) if !self.misread => {
                errors.add(syn::Error::new(
                    head.span,
                    "how many calls per time? write `#[rate_limit(\"100/s\")]`",
                ));
            }
            (Some(_), Some(with)) => {
                errors.at(&with.key, "`with` brings its own rate: leave out the rate or `with`");
            }
            _ => {}
        }
        check_instance(options.with.as_ref(), options.given(), &["tokens", "key"], errors);
        if let Some(most) = &options.max_keys
            && !options.mentions("key")
        {
            errors.at(&most.key, "`max_keys` needs `key`: one limit for each value of what?");
        }
        if let Some(on_store_error) = &options.on_store_error
            && !options.mentions("store")
            && options.with.is_none()
        {
            errors.at(&on_store_error.key, "`on_store_error` needs `store`: whose errors?");
        }
        self.check_bucket(errors);
        self.check_tokens(errors);
    }

    /// What the bucket holds at most, if it is known when compiling.
    fn burst(&self) -> Option<u32> {
        match &self.options.burst {
            Some(given) => given.value.known(),
            None if self.options.mentions("burst") => None,
            None => self.rate.as_ref()?.amount(),
        }
    }

    fn check_bucket(&self, errors: &mut Errors) {
        let options = &self.options;
        if let Some(algorithm) = &options.algorithm
            && algorithm.value != Algorithm::TokenBucket
        {
            let keys = [
                options.burst.as_ref().map(|given| &given.key),
                options.initial.as_ref().map(|given| &given.key),
            ];
            for key in keys.into_iter().flatten() {
                errors
                    .at(key, format!("`{key}` belongs to the token bucket: a window has none, leave it out"));
            }
        }
        if let Some(initial) = &options.initial
            && let (Some(tokens), Some(burst)) = (initial.value.1, self.burst())
            && tokens > burst
        {
            errors.at(&initial.value.0, format!("`initial` is more than the burst of {burst}"));
        }
    }

    fn check_tokens(&self, errors: &mut Errors) {
        let Some(given) = &self.options.tokens else { return };
        let Some((lit, negative)) = literal(&given.value.0) else { return };
        let number: Option<f64> = match lit {
            syn::Lit::Int(number) => number.base10_parse().ok(),
            syn::Lit::Float(number) => number.base10_parse().ok(),
            _ => None,
        };
        match number {
            None => errors.at(&given.value.0, "`tokens` is a number, such as 1 or `batch.len()`"),
            Some(number) if negative || number == 0.0 => {
                errors.at(&given.value.0, "a call takes more than zero tokens");
            }
            Some(number) => {
                if let Some(burst) = self.burst()
                    && number > f64::from(burst)
                {
                    errors.at(
                        &given.value.0,
                        format!("a call takes more than the burst of {burst}: every call would be refused"),
                    );
                }
            }
        }
    }

    /// The options that only rustc can evaluate.
    pub(super) fn constants(&self) -> Vec<&syn::Expr> {
        let options = &self.options;
        let rate = self.rate.iter().filter_map(Rate::expr);
        let counts = [&options.burst, &options.max_keys];
        let counts = counts.into_iter().flatten().filter_map(|given| given.value.expr());
        let initial = options.initial.iter().map(|given| &given.value);
        let initial = initial.filter(|initial| initial.1.is_none()).map(|initial| &initial.0);
        let wait = options.max_wait.iter().filter_map(|given| given.value.expr());
        rate.chain(counts).chain(initial).chain(wait).collect()
    }

    pub(super) fn waits(&self) -> bool {
        let never = |given: &crate::options::Given<crate::values::Duration>| given.value.nanos() == Some(0);
        self.options.with.is_some() || self.options.max_wait.as_ref().is_some_and(|given| !never(given))
    }

    pub(super) fn burst_tokens(&self) -> Option<&Count> {
        self.options.burst.as_ref().map(|given| &given.value)
    }
}
