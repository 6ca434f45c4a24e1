use proc_macro2::Span;

use super::read::Room;
use crate::{
    errors::Errors,
    item::{Arguments, Flavor, borrows},
    stack::{Head, Stack},
    values::Duration,
};

impl Room {
    pub(super) fn check_limit(&self, head: &Head, stack: &Stack, errors: &mut Errors) {
        match self.limit() {
            None if self.options.with.is_some() || self.options.mentions("limit") => {}
            None if !self.misread => {
                errors
                    .add(syn::Error::new(head.span, "how long may a call take? write `#[timeout(\"2s\")]`"));
            }
            Some(limit) if limit.nanos() == Some(0) => errors.at(
                limit.token(),
                "a limit of zero would cut off every call: leave the attribute away for no limit",
            ),
            _ => {}
        }
        if let (Some(name), Some(limit)) = (&head.name, &self.options.limit)
            && Duration::is_one(&name.value())
        {
            errors.at(
                &limit.key,
                "the limit is given twice: leave out `limit` or the duration in the first place",
            );
            errors.at(name, "this duration and `limit` contradict each other");
        }
        if let (Some(limit), Some(with)) = (self.limit(), &self.options.with) {
            errors.at(&with.key, "`with` brings its own limit: leave out the duration or `with`");
            errors.at(limit.token(), "this duration and `with` contradict each other");
        }
        if let Some(exact) = &self.options.exact {
            if self.options.with.is_some() {
                errors
                    .at(&exact.key, "`with` brings its own options: write `.exact(true)` where it is built");
            }
            if self.options.blocking.is_some() {
                errors.at(
                    &exact.key,
                    "`exact` is for async functions: a thread that waits for another one is always woken in time",
                );
            }
        }
        match (stack.returns.flavor, &self.options.blocking) {
            (_, None) if self.options.mentions("blocking") => {}
            (Flavor::Sync, None) => errors.add(syn::Error::new(
                head.span,
                "a sync function cannot be interrupted: make it `async`, or write `blocking = thread` to run its body \
                 on a thread of its own, which goes on alone when time is up (`#[tokio::main]` and \
                 `#[tokio::test]` make a function sync: write this above them)",
            )),
            (Flavor::Sync, Some(given)) => {
                check_owned(&given.key, &stack.arguments, errors);
                check_left_behind(&given.key, stack, errors);
            }
            (_, Some(given)) => {
                errors.at(&given.key, "`blocking` is for sync functions: an async one is simply dropped when time is up");
            }
            (_, None) => {}
        }
    }
}

/// A `self` that goes to the thread cannot hold a policy that is needed here.
fn check_left_behind(key: &syn::Ident, stack: &Stack, errors: &mut Errors) {
    let goes_along = stack.arguments.receiver == Some(crate::item::Receiver::Owned);
    if goes_along && stack.layers.iter().any(|layer| layer.head.borrows_self) {
        errors.at(
            key,
            "`blocking = thread` takes `self` along, and `with` needs a part of it here: take a policy that is no \
             part of `self`",
        );
    }
}

/// A thread may outlive the call, so it can borrow nothing from it.
fn check_owned(key: &syn::Ident, arguments: &Arguments, errors: &mut Errors) {
    let span: Span = key.span();
    if arguments.receiver.is_some_and(|receiver| receiver != crate::item::Receiver::Owned) {
        errors.add(syn::Error::new(
            span,
            "`blocking = thread` cannot borrow `self`, which the thread may outlive: move what it needs into a \
             function that takes owned arguments",
        ));
    }
    for argument in &arguments.typed {
        if borrows(&argument.ty) {
            errors.at(
                &argument.ty,
                "`blocking = thread` cannot borrow an argument, which the thread may outlive: take it by value",
            );
        }
    }
}
