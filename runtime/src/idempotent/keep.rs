//! What of an answer is kept, and how it becomes one again.

use std::{any::Any, hash::Hash, sync::Arc};

use crate::{
    Fallible, Stored,
    store::{CodecError, Decode, Encode},
};

/// A value in memory, as the records hold it.
pub(super) type Kept = Arc<dyn Any + Send + Sync>;

/// What can be kept in memory: each repeated call gets a copy.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be kept in memory for repeated calls: each of them gets a copy, in whatever thread it runs",
    label = "this holds what is not `Clone + Send + Sync + 'static`",
    note = "write `#[derive(Clone)]` on `{Self}`, or return an `Arc` of what cannot be copied",
    note = "in a `store`, values are written and read instead, and need not be `Clone`"
)]
pub trait Copied: Clone + Send + Sync + 'static {}

#[diagnostic::do_not_recommend]
impl<T: Clone + Send + Sync + 'static> Copied for T {}

/// What can be compared with the payload of an earlier call in this process's memory.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be compared with the payload of an earlier call: it is not `Hash`",
    label = "no part of a `fingerprint` in memory",
    note = "write `#[derive(Hash)]` on `{Self}`, or name the arguments that tell one payload from another"
)]
pub trait Payload: Hash {}

#[diagnostic::do_not_recommend]
impl<P: Hash + ?Sized> Payload for P {}

/// Only values are kept.
#[derive(Debug)]
pub struct Values;

/// Values are kept, and permanent errors too.
#[derive(Debug)]
pub struct Answers;

/// What of the answer `R` is kept in memory.
pub trait Keep<R: Fallible> {
    /// Whether a value holds nothing but itself, so that copying it is no more than that.
    const IS_PLAIN: bool;
    /// A copy for the records.
    fn keep(answer: &R) -> Option<Kept>;
    /// The answer again; `None` if what is kept is of another type.
    fn give(kept: &Kept) -> Option<R>;
    /// For an error that carries it.
    fn stored(kept: Kept) -> Stored;
}

impl<R> Keep<R> for Values
where
    R: Fallible,
    R::Ok: Copied,
{
    const IS_PLAIN: bool = !std::mem::needs_drop::<R::Ok>();

    fn keep(answer: &R) -> Option<Kept> {
        answer.as_outcome().ok().map(|value| Arc::new(value.clone()) as Kept)
    }

    #[inline]
    fn give(kept: &Kept) -> Option<R> {
        kept.downcast_ref::<R::Ok>().map(|value| R::from_outcome(Ok(value.clone())))
    }

    fn stored(kept: Kept) -> Stored {
        Stored::shared::<R::Ok>(kept)
    }
}

impl<R> Keep<R> for Answers
where
    R: Fallible,
    R::Ok: Copied,
    R::Err: Copied,
{
    const IS_PLAIN: bool = !std::mem::needs_drop::<Result<R::Ok, R::Err>>();

    fn keep(answer: &R) -> Option<Kept> {
        Some(Arc::new(answer.as_outcome().cloned().map_err(Clone::clone)))
    }

    fn give(kept: &Kept) -> Option<R> {
        kept.downcast_ref::<Result<R::Ok, R::Err>>().map(|outcome| R::from_outcome(outcome.clone()))
    }

    fn stored(kept: Kept) -> Stored {
        match kept.downcast_ref::<Result<R::Ok, R::Err>>() {
            Some(Ok(value)) => Stored::new(value.clone()),
            Some(Err(error)) => Stored::new(error.clone()),
            None => Stored::shared::<Kept>(kept),
        }
    }
}

/// What of the answer `R` goes into a store whose codec is `C`: a byte that tells values from errors, and the codec's bytes.
pub trait Write<R: Fallible, C> {
    /// The record.
    ///
    /// # Errors
    /// The codec cannot write it.
    fn write(answer: &R) -> Result<Vec<u8>, CodecError>;
    /// The answer again.
    ///
    /// # Errors
    /// The record stands for no such answer.
    fn read(record: &[u8]) -> Result<R, CodecError>;
    /// For an error that carries it.
    fn stored(answer: R) -> Stored;
}

const VALUE: u8 = b'=';
const ERROR: u8 = b'!';
const LOST: u8 = b'?';

fn tagged(tag: u8, bytes: Vec<u8>) -> Vec<u8> {
    let mut record = Vec::with_capacity(1 + bytes.len());
    record.push(tag);
    record.extend(bytes);
    record
}

/// The record of a call whose answer cannot be written.
pub(super) fn lost(error: &CodecError) -> Vec<u8> {
    tagged(LOST, error.to_string().into_bytes())
}

/// What stands in place of an answer.
fn no_answer(record: &[u8]) -> CodecError {
    match record.split_first() {
        Some((&LOST, problem)) => CodecError::new(format!(
            "the call that ran gave what could not be written: {}",
            String::from_utf8_lossy(problem)
        )),
        _ => not_a_record(),
    }
}

fn not_a_record() -> CodecError {
    CodecError::new(
        "what is kept was not written by an idempotent function: does something else use these keys?",
    )
}

impl<R, C> Write<R, C> for Values
where
    R: Fallible,
    R::Ok: Send + Sync + 'static,
    C: Encode<R::Ok> + Decode<R::Ok>,
{
    fn write(answer: &R) -> Result<Vec<u8>, CodecError> {
        match answer.as_outcome() {
            Ok(value) => C::encode(value).map(|bytes| tagged(VALUE, bytes)),
            Err(_) => Err(CodecError::new("errors are kept only where `store_err` says so")),
        }
    }

    fn read(record: &[u8]) -> Result<R, CodecError> {
        match record.split_first() {
            Some((&VALUE, bytes)) => C::decode(bytes).map(|value| R::from_outcome(Ok(value))),
            Some((&ERROR, _)) => Err(CodecError::new(
                "what is kept is an error, which only a function with `store_err` can give again",
            )),
            _ => Err(no_answer(record)),
        }
    }

    fn stored(answer: R) -> Stored {
        match answer.into_outcome() {
            Ok(value) => Stored::new(value),
            Err(_) => Stored::new(()),
        }
    }
}

impl<R, C> Write<R, C> for Answers
where
    R: Fallible,
    R::Ok: Send + Sync + 'static,
    R::Err: Send + Sync + 'static,
    C: Encode<R::Ok> + Decode<R::Ok> + Encode<R::Err> + Decode<R::Err>,
{
    fn write(answer: &R) -> Result<Vec<u8>, CodecError> {
        match answer.as_outcome() {
            Ok(value) => C::encode(value).map(|bytes| tagged(VALUE, bytes)),
            Err(error) => C::encode(error).map(|bytes| tagged(ERROR, bytes)),
        }
    }

    fn read(record: &[u8]) -> Result<R, CodecError> {
        match record.split_first() {
            Some((&VALUE, bytes)) => C::decode(bytes).map(|value| R::from_outcome(Ok(value))),
            Some((&ERROR, bytes)) => C::decode(bytes).map(|error| R::from_outcome(Err(error))),
            _ => Err(no_answer(record)),
        }
    }

    fn stored(answer: R) -> Stored {
        match answer.into_outcome() {
            Ok(value) => Stored::new(value),
            Err(error) => Stored::new(error),
        }
    }
}
