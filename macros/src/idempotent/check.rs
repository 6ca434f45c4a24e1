use quote::ToTokens;
use syn::{Expr, Type};

use super::{
    clock::changes_with_every_call,
    read::{InFlight, OnCancel, Room},
};
use crate::{
    errors::Errors,
    item::Flavor,
    options::{check_handle, check_instance},
    stack::{Head, Stack},
    values::check_constants,
};

impl Room {
    pub(super) fn check_options(&self, head: &Head, stack: &Stack, errors: &mut Errors) {
        check_constants(&self.constants(), &stack.arguments, errors);
        let options = &self.options;
        let per_call = ["key", "store", "fingerprint", "store_err", "transaction"];
        check_instance(options.with.as_ref(), options.given(), &per_call, errors);
        self.check_key(head, errors);
        if let (Some(wait), Some(in_flight)) = (&options.max_wait, &options.in_flight)
            && in_flight.value == InFlight::Reject
        {
            errors.at(&wait.key, "`in_flight = reject` never waits: leave out `max_wait`");
        }
        for name in options.fingerprint.iter().flat_map(|given| &given.value.0) {
            if stack.arguments.find(name).is_none() {
                errors.at(name, stack.arguments.missing(name));
            }
        }
        self.check_times(errors);
        self.check_store(errors);
        self.check_transaction(stack, errors);
    }

    fn check_key(&self, head: &Head, errors: &mut Errors) {
        let Some(key) = &self.options.key else {
            if !self.options.mentions("key") {
                errors.add(syn::Error::new(
                    head.span,
                    "by what is a repeated call known? write `key = …`, an expression over the arguments such as \
                     `key = request.id`",
                ));
            }
            return;
        };
        if let Some((word, what)) = changes_with_every_call(key.value.0.to_token_stream()) {
            errors.at(
                word,
                format!(
                    "this key goes by {what}: a repeated call gets another one and runs again; make it from what the \
                     caller repeats, such as the request's id or the signal's own time"
                ),
            );
        }
    }

    /// Times that are texts; of the others rustc makes sure.
    fn check_times(&self, errors: &mut Errors) {
        let options = &self.options;
        if let Some(ttl) = &options.ttl
            && ttl.value.nanos() == Some(0)
        {
            errors.at(
                ttl.value.token(),
                "`ttl` must be more than zero: it says how long a repeated call may come",
            );
        }
        let Some(lease) = &options.lease else { return };
        let Some(nanos) = lease.value.nanos() else { return };
        if nanos < 10_000_000 {
            errors.at(
                lease.value.token(),
                "a lease below 10 ms runs out between two renewals: seconds are usual",
            );
        }
        let ttl = options.ttl.as_ref().map_or(Some(86_400_000_000_000), |ttl| ttl.value.nanos());
        if ttl.is_some_and(|ttl| nanos > ttl) {
            errors
                .at(lease.value.token(), "the lease is longer than `ttl`: shorten it or keep records longer");
        }
    }

    fn check_store(&self, errors: &mut Errors) {
        let options = &self.options;
        if let Some(store) = &options.store {
            check_handle(&store.value.0, errors);
        }
        if options.mentions("store") {
            if let Some(most) = &options.max_entries {
                errors.at(
                    &most.key,
                    "`max_entries` bounds this process's memory, and `store` keeps records elsewhere: \
                                      leave it out",
                );
            }
            return;
        }
        let keeps = options.on_cancel.as_ref().is_some_and(|given| given.value == OnCancel::Keep);
        if let Some(lease) = options.lease.as_ref().filter(|_| !keeps) {
            errors.at(
                &lease.key,
                "memory ends with its process and needs no `lease`: leave it out, or keep records in a `store`",
            );
        }
        if let Some(transaction) = &options.transaction {
            errors.at(
                &transaction.key,
                "`transaction` needs the `store` whose database it belongs to, such as `store = self.postgres`",
            );
        }
    }

    fn check_transaction(&self, stack: &Stack, errors: &mut Errors) {
        let options = &self.options;
        let Some(transaction) = &options.transaction else { return };
        if stack.returns.flavor == Flavor::Sync {
            errors.at(
                &transaction.key,
                "`transaction` is for async functions: databases are asked asynchronously",
            );
        }
        match &transaction.value.0 {
            Expr::Path(path) => match path.path.get_ident() {
                Some(name) => match stack.arguments.find(name) {
                    Some(argument) if is_by_value(&argument.ty) => errors.at(
                        &argument.ty,
                        "the caller's transaction is borrowed, so that it can be committed with the record in it: take it as \
                         `&mut`",
                    ),
                    Some(_) => {}
                    None => errors.at(name, stack.arguments.missing(name)),
                },
                None => errors.at(path, "expected the argument that is the transaction"),
            },
            other => {
                errors.at(other, "expected the argument that is the transaction, such as `transaction = tx`")
            }
        }
        let idle = [
            options.lease.as_ref().map(|given| &given.key),
            options.on_cancel.as_ref().map(|given| &given.key),
        ];
        for key in idle.into_iter().flatten() {
            errors.at(
                key,
                format!("a transaction that ends without a commit gives the key back: leave out `{key}`"),
            );
        }
    }

    /// The options that only rustc can evaluate.
    pub(super) fn constants(&self) -> Vec<&Expr> {
        let options = &self.options;
        let times = [&options.ttl, &options.max_wait, &options.lease];
        let times = times.into_iter().flatten().filter_map(|given| given.value.expr());
        times.chain(options.max_entries.iter().filter_map(|given| given.value.expr())).collect()
    }
}

/// Whether an argument is surely no `&mut`: a reference to share, or a type whose name tells of a transaction.
fn is_by_value(ty: &Type) -> bool {
    match ty {
        Type::Reference(reference) => reference.mutability.is_none(),
        Type::Path(path) => {
            path.path.segments.last().is_some_and(|last| last.ident.to_string().ends_with("Transaction"))
        }
        _ => false,
    }
}
