use syn::{FnArg, Safety};

use super::read::Model;
use crate::{errors::Errors, item::Function};

impl Model {
    pub(super) fn check(&self, function: &Function, errors: &mut Errors) {
        if let Some(timeout) = &self.options.timeout
            && timeout.value.nanos() == Some(0)
        {
            errors.at(timeout.value.token(), "no handler could end in no time: give it some, such as \"5s\"");
        }
        let sig = &function.sig;
        for argument in &sig.inputs {
            match argument {
                FnArg::Receiver(receiver) => errors.at(
                    receiver,
                    "a shutdown handler has no `self`, because nobody has one to give: register a closure that holds it, with \
                     `shutdown::on_shutdown(Handler::new(\"…\", move || …))`, or own it with `shutdown.start(…)`",
                ),
                FnArg::Typed(argument) => errors.at(
                    argument,
                    "a shutdown handler has no arguments, because nobody has any to give: take it from a static, or register a \
                     closure that holds it, with `shutdown::on_shutdown(Handler::new(\"…\", move || …))`",
                ),
            }
        }
        if !sig.generics.params.is_empty() {
            errors.at(
                &sig.generics,
                "a shutdown handler has no generic parameters: which of its functions would run?",
            );
        }
        if let Safety::Unsafe(unsafety) = &sig.safety {
            errors.at(unsafety, "a shutdown handler is a safe function: call the unsafe one inside of it");
        }
    }
}
