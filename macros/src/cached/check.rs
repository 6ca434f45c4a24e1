use syn::Type;

use super::read::{JitterShare, Room};
use crate::{
    errors::Errors,
    item::{Receiver, borrows},
    options::{check_handle, check_instance},
    stack::{Head, Stack},
    values::check_constants,
};

/// As many parts a key may have.
const MOST_PARTS: usize = 8;

impl Room {
    pub(super) fn check_options(&self, head: &Head, stack: &Stack, errors: &mut Errors) {
        check_constants(&self.constants(), &stack.arguments, errors);
        let options = &self.options;
        match &options.ttl {
            None if options.with.is_none() && !options.mentions("ttl") => errors.add(syn::Error::new(
                head.span,
                "how long is an answer kept? write `#[cached(ttl = \"60s\")]`",
            )),
            Some(given) if given.value.nanos() == Some(0) => {
                errors
                    .at(given.value.token(), "nothing would be kept for no time: write for example \"60s\"");
            }
            _ => {}
        }
        check_instance(options.with.as_ref(), options.given(), &["key", "store"], errors);
        if let Some(given) = &options.on_store_error
            && !options.mentions("store")
        {
            errors.at(&given.key, "`on_store_error` needs `store`: which store may fail to answer?");
        }
        if let Some(store) = &options.store {
            check_handle(&store.value.0, errors);
        }
        if !options.mentions("key") {
            self.check_default_key(stack, errors);
        }
        if self.refreshes() {
            check_owned(stack, errors);
        }
        if let Some(value) = stack.returns.written.as_ref().and_then(first_argument)
            && borrows(value)
        {
            errors.at(
                value,
                "an answer that is kept cannot borrow from the call: return an owned value, or an `Arc` of it",
            );
        }
    }

    /// Without a `key`, all arguments are the key.
    fn check_default_key(&self, stack: &Stack, errors: &mut Errors) {
        for argument in stack.arguments.typed.iter().filter(|argument| !argument.plain) {
            errors.at(
                &argument.ty,
                "this argument has no name of its own, so it is not clear what the answer depends on: write `key = …`",
            );
        }
        for argument in &stack.arguments.typed {
            if matches!(&argument.ty, Type::Reference(reference) if reference.mutability.is_some()) {
                errors.at(
                    &argument.ty,
                    "an answer that is kept cannot change this argument when it is given again: write `key = …` to say \
                     what it depends on",
                );
            }
        }
        if stack.arguments.typed.len() > MOST_PARTS {
            let problem =
                format!("a key has at most {MOST_PARTS} parts: say by `key = …` what the answer depends on");
            errors.at(&stack.arguments.typed[MOST_PARTS].ty, problem);
        }
    }

    /// The options that only rustc can evaluate.
    pub(super) fn constants(&self) -> Vec<&syn::Expr> {
        let options = &self.options;
        let times = [
            &options.ttl,
            &options.stale_for,
            &options.stale_if_error,
            &options.cache_err,
            &options.negative_ttl,
        ];
        let times = times.into_iter().flatten().filter_map(|given| given.value.expr());
        let entries = options.max_entries.iter().filter_map(|given| given.value.expr());
        let jitter = options.jitter.iter().filter_map(|given| match &given.value {
            JitterShare::None => None,
            JitterShare::Share(share) => share.expr(),
        });
        times.chain(entries).chain(jitter).collect()
    }
}

/// The `T` of `Result<T, E>`.
fn first_argument(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ty else { return None };
    let syn::PathArguments::AngleBracketed(arguments) = &path.path.segments.last()?.arguments else {
        return None;
    };
    arguments.args.iter().find_map(|argument| match argument {
        syn::GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })
}

/// A refresh goes on when the call is over, so it can borrow nothing from it.
fn check_owned(stack: &Stack, errors: &mut Errors) {
    let arguments = &stack.arguments;
    if let (Some(Receiver::Exclusive | Receiver::Borrowing), Some(itself)) =
        (arguments.receiver, &arguments.itself)
    {
        errors.at(
            itself,
            "`stale_for` loads anew when the call is over, and cannot change what the call has borrowed: take `&self`, or \
             leave `stale_for` out",
        );
    }
    for argument in &arguments.typed {
        match &argument.ty {
            Type::Reference(reference) if reference.mutability.is_some() => errors.at(
                &argument.ty,
                "`stale_for` loads anew when the call is over, and cannot change what the call has borrowed: take this by \
                 value or as `&T`, or leave `stale_for` out",
            ),
            Type::Reference(reference) if argument.plain && borrows(&reference.elem) => {
                errors.at(&argument.ty, borrowed());
            }
            Type::Reference(_) if argument.plain => {}
            ty if borrows(ty) => errors.at(ty, borrowed()),
            _ => {}
        }
    }
}

fn borrowed() -> &'static str {
    "`stale_for` loads anew when the call is over, with a copy of this argument, and a copy of this type still borrows from the \
     call: take an owned type, `&str` or `&T`, or leave `stale_for` out"
}
