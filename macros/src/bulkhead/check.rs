use super::read::Room;
use crate::{
    errors::Errors,
    options::check_instance,
    stack::{Head, Stack},
    values::{Count, check_constants},
};

impl Room {
    pub(super) fn check_options(&self, head: &Head, stack: &Stack, errors: &mut Errors) {
        check_constants(&self.constants(), &stack.arguments, errors);
        let options = &self.options;
        match (&self.limit, &options.with) {
            (None, None) if !self.misread => {
                errors.add(syn::Error::new(
                    head.span,
                    "how many calls may be in flight? write `#[bulkhead(10)]`",
                ));
            }
            (Some(_), Some(with)) => {
                errors.at(&with.key, "`with` brings its own limit: leave out the number or `with`");
            }
            _ => {}
        }
        check_instance(options.with.as_ref(), options.given(), &[], errors);
        if let (Some(queue), Some(wait)) = (&options.max_queue, &options.max_wait)
            && queue.value.1 == Some(0)
            && wait.value.nanos() != Some(0)
        {
            errors.at(
                &queue.value.0,
                "nobody could wait in a queue of 0: raise `max_queue` or leave out `max_wait`",
            );
        }
    }

    /// The options that only rustc can evaluate.
    pub(super) fn constants(&self) -> Vec<&syn::Expr> {
        let options = &self.options;
        let limit = self.limit.iter().filter_map(Count::expr);
        let wait = options.max_wait.iter().filter_map(|given| given.value.expr());
        let queue = options.max_queue.iter().map(|given| &given.value);
        let queue = queue.filter(|queue| queue.1.is_none()).map(|queue| &queue.0);
        limit.chain(wait).chain(queue).collect()
    }

    pub(super) fn waits(&self) -> bool {
        let options = &self.options;
        let has_wait = options.max_wait.as_ref().is_some_and(|given| given.value.nanos() != Some(0));
        let has_queue = options.max_queue.as_ref().is_some_and(|given| given.value.1 != Some(0));
        options.with.is_some() || has_wait || has_queue
    }
}
