use super::read::Room;
use crate::{
    errors::Errors,
    stack::{Head, Stack},
    values::{Callable, arity},
};

impl Room {
    pub(super) fn check_callable(&self, head: &Head, stack: &Stack, errors: &mut Errors) {
        match &self.callable {
            None if !self.misread => errors.add(syn::Error::new(
                head.span,
                "what answers instead? write `#[fallback(path)]` or `#[fallback(|error| …)]`",
            )),
            Some(Callable::Closure(closure)) => {
                let parameters = arity(closure);
                if parameters.is_empty() {
                    errors.at(closure, "a fallback takes the error: write `|error| …`, or `|_| …`");
                }
                for (parameter, name) in closure.inputs.iter().zip(parameters).skip(1) {
                    if name.is_none_or(|name| stack.arguments.find(name).is_none()) {
                        let known: Vec<_> = stack.arguments.names().map(|name| format!("`{name}`")).collect();
                        let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
                        errors.at(
                            parameter,
                            format!(
                                "after the error, a fallback's parameters are arguments of the function by their \
                                 names, which are: {known}"
                            ),
                        );
                    }
                }
            }
            _ => {}
        }
    }
}
