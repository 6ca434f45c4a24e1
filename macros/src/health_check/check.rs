use syn::Ident;

use super::read::{Options, Place};
use crate::errors::Errors;

const WHY: &str = "a dependency that is down would have every instance of the service started anew";

impl Options {
    /// Rules across the options of one check. `is_async` tells whether it may await something, as far as that can be seen.
    pub(super) fn check(&self, place: Place, is_async: bool, errors: &mut Errors) {
        if let Some(limit) = &self.timeout
            && limit.value.nanos() == Some(0)
        {
            errors.at(limit.value.token(), "no check takes no time: give a longer limit");
        }
        if let Some(skip) = &self.skip {
            for key in self.given().into_iter().filter(|key| *key != "skip") {
                errors
                    .at(key, format!("`{}` leaves the field out: `{key}` says nothing beside it", skip.key));
            }
        }
        if let (None, Some(local)) = (&self.live, &self.local) {
            errors.at(
                &local.key,
                "`local` says that a check may stand under `live`: put `live` beside it, or take it away",
            );
        }
        match (&self.live, &self.local) {
            (Some(live), None) if self.with.is_some() => errors.at(
                &live.key,
                format!(
                    "what `with` calls may reach out of the process, and what is asked under `live` must not: {WHY}; \
                     write `ready`, or `live, local` if it asks nobody outside"
                ),
            ),
            (Some(live), None) if is_async && place != Place::Field => errors.at(
                &live.key,
                format!(
                    "an async check may reach out of the process, and what is asked under `live` must not: {WHY}; write \
                     `ready`, or `live, local` if it awaits nothing outside"
                ),
            ),
            (Some(_), Some(local)) if place == Place::Field && self.with.is_none() => errors.at(
                &local.key,
                "a field by its type's own check: say it of the type, with `impl mainstay::health::LocalCheck for` it",
            ),
            _ => {}
        }
    }
}

/// No two checks of a type have one name.
pub(super) fn check_names<'a>(names: impl Iterator<Item = (&'a str, &'a Ident)>, errors: &mut Errors) {
    let mut known: Vec<&str> = Vec::new();
    for (name, place) in names {
        if known.contains(&name) {
            errors.at(place, format!("another check is called `{name}` too: rename one with `name = \"…\"`"));
        }
        known.push(name);
    }
}
