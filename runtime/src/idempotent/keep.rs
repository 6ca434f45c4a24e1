//! What of an answer is kept, and how it becomes one again.

use std::{any::Any, sync::Arc};

use crate::{
    Fallible, Stored,
    store::{CodecError, Decode, Encode},
};

/// A value in memory, as the records hold it.
pub(super) type Kept = Arc<dyn Any + Send + Sync>;

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
    R::Ok: Clone + Send + Sync + 'static,
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
    R::Ok: Clone + Send + Sync + 'static,
    R::Err: Clone + Send + Sync + 'static,
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

fn tagged(tag: u8, bytes: Vec<u8>) -> Vec<u8> {
    let mut record = Vec::with_capacity(1 + bytes.len());
    record.push(tag);
    record.extend(bytes);
    record
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
            _ => Err(not_a_record()),
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
            _ => Err(not_a_record()),
        }
    }

    fn stored(answer: R) -> Stored {
        match answer.into_outcome() {
            Ok(value) => Stored::new(value),
            Err(error) => Stored::new(error),
        }
    }
}
