use syn::Type;

use super::read::Room;
use crate::{
    errors::Errors,
    item::{Flavor, Receiver, check_cloned},
    options::check_instance,
    stack::{Head, Kind, Stack},
    values::{After, check_constants},
};

impl Room {
    pub(super) fn check_options(&self, head: &Head, stack: &Stack, errors: &mut Errors) {
        let options = &self.options;
        check_constants(&self.constants(), &stack.arguments, errors);
        check_instance(options.with.as_ref(), options.given(), &["safe", "clone"], errors);
        check_cloned(self.cloned(), &stack.arguments, errors);
        self.check_after(errors);
        if stack.returns.flavor == Flavor::Sync {
            errors.add(syn::Error::new(
                head.span,
                "a sync function holds its thread until it returns, and nothing can run beside it or drop it: make it \
                 `async` (`#[tokio::main]` and `#[tokio::test]` make a function sync: write this above them)",
            ));
        }
        self.check_safe(head, stack, errors);
        self.check_shared(stack, errors);
    }

    fn check_after(&self, errors: &mut Errors) {
        let options = &self.options;
        let Some(given) = &options.after else { return };
        let After::Delay(delay) = &given.value else { return };
        if delay.nanos() == Some(0) {
            errors.at(
                delay.token(),
                "after no time every call would be made twice: write for example \"50ms\"",
            );
        }
        let idle = [
            options.min_after.as_ref().map(|given| &given.key),
            options.warm_up.as_ref().map(|given| &given.key),
        ];
        for key in idle.into_iter().flatten() {
            errors.at(
                key,
                format!("`{key}` has no effect with a fixed `after`: leave it out, or write a percentile such as \"p95\""),
            );
        }
    }

    /// The body may run twice at once.
    fn check_safe(&self, head: &Head, stack: &Stack, errors: &mut Errors) {
        let is_idempotent = stack.layers.iter().any(|layer| layer.head.kind == Kind::Idempotent);
        if !is_idempotent && !self.options.mentions("safe") {
            errors.add(syn::Error::new(
                head.span,
                "a hedged call may run twice at once: write `safe` if that does no harm, as when it only reads, or \
                 `#[idempotent]` above it and send the key along",
            ));
        }
    }

    /// Attempts side by side share what they do not have copies of.
    fn check_shared(&self, stack: &Stack, errors: &mut Errors) {
        let arguments = &stack.arguments;
        if arguments.receiver == Some(Receiver::Exclusive)
            && let Some(itself) = &arguments.itself
        {
            errors.at(
                itself,
                "two attempts side by side cannot both have `&mut self`: take `&self`, and lock what they change",
            );
        }
        if arguments.changes_itself
            && let Some(itself) = &arguments.itself
        {
            errors.at(
                itself,
                "two attempts side by side cannot both change `self`: take `self` or `&self`, and lock what they change",
            );
        }
        for argument in &arguments.typed {
            if matches!(&argument.ty, Type::Reference(reference) if reference.mutability.is_some()) {
                errors.at(
                    &argument.ty,
                    "two attempts side by side cannot both have this `&mut`: take it by `&`, or by value and name it in \
                     `clone(…)`",
                );
            } else if argument.mutable {
                for name in argument.names.iter().filter(|name| !self.clones(name)) {
                    errors.at(
                        name,
                        format!(
                            "two attempts side by side cannot both change `{name}`: give each its own by `clone({name})`"
                        ),
                    );
                }
            }
        }
    }
}
