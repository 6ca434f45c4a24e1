use std::{cell::RefCell, fmt};

use serde::{Serialize, Serializer};

use super::serializer::Checking;
use crate::place::Place;

/// The JSON of a value, and an error's place in it.
///
/// # Errors
/// What has no JSON, or comes back as something else.
pub(crate) fn to_lossless_json<T: Serialize + ?Sized>(
    value: &T,
) -> Result<Vec<u8>, (serde_json::Error, Place)> {
    let trail = Trail::default();
    serde_json::to_vec(&Checked { value, look: Look { trail: &trail, is_optional: false } })
        .map_err(|error| (error, trail.0.take()))
}

/// The place of an error, as it becomes known on the way out.
#[derive(Default)]
pub(super) struct Trail(RefCell<Place>);

/// How a part of a value is looked at.
#[derive(Clone, Copy)]
pub(super) struct Look<'a> {
    trail: &'a Trail,
    /// Whether it is what a `Some` holds, which must not look like `None`.
    is_optional: bool,
}

impl<'a> Look<'a> {
    /// The look at what is inside.
    pub(super) fn inside(self) -> Self {
        Self { is_optional: false, ..self }
    }

    /// The look at what a `Some` holds.
    pub(super) fn of_some(self) -> Self {
        Self { is_optional: true, ..self }
    }

    pub(super) fn at<T: ?Sized>(self, value: &'a T) -> Checked<'a, T> {
        Checked { value, look: self }
    }

    /// Notes on an error's way out that it was found in the member of this name, or the element of this number.
    pub(super) fn found_in<E>(self, name: impl fmt::Display) -> impl FnOnce(E) -> E {
        move |error| {
            self.trail.0.borrow_mut().is_inside(name);
            error
        }
    }

    /// A `null` is about to be written that is not `None`.
    pub(super) fn null<E: serde::ser::Error>(self) -> Result<(), E> {
        match self.is_optional {
            false => Ok(()),
            true => Err(refused(
                "JSON writes this `Some` as `null`, and would give it back as `None`: put a type of your own into the \
                 option, such as an enum",
            )),
        }
    }
}

/// A number is about to be written.
pub(super) fn finite<E: serde::ser::Error>(is_finite: bool) -> Result<(), E> {
    match is_finite {
        true => Ok(()),
        false => Err(refused(
            "JSON has no number that is infinite or none, and would give it back as `null`: use an `Option` or a text",
        )),
    }
}

#[cold]
fn refused<E: serde::ser::Error>(problem: &str) -> E {
    E::custom(problem)
}

/// A part of a value that is looked at as it is written.
pub(super) struct Checked<'a, T: ?Sized> {
    value: &'a T,
    look: Look<'a>,
}

impl<T: Serialize + ?Sized> Serialize for Checked<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value.serialize(Checking { inner: serializer, look: self.look })
    }
}
