use super::read::Room;
use crate::{
    errors::Errors,
    stack::{Head, Stack},
    suggest::did_you_mean,
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
                        let known: Vec<_> = stack.arguments.names().map(ToString::to_string).collect();
                        let hint =
                            name.map(|name| did_you_mean(&name.to_string(), &known)).unwrap_or_default();
                        let known = match known.is_empty() {
                            true => "none".to_owned(),
                            false => format!("`{}`", known.join("`, `")),
                        };
                        errors.at(
                            parameter,
                            format!(
                                "{hint}after the error, a fallback's parameters are arguments of the function by their \
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
