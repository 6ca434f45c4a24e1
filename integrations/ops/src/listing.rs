//! The whole of `/policies`, which is long: it is written anew ten times a second at most, however often it is asked for.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use hyper::{StatusCode, body::Bytes};

use crate::{
    answer::{Answered, json, text},
    book::Book,
    model::Everything,
};

const KEPT: Duration = Duration::from_millis(100);

#[derive(Debug, Default)]
pub(crate) struct Listing(Mutex<Option<(Instant, Bytes)>>);

impl Listing {
    pub(crate) fn answer(&self, service: &str, book: impl FnOnce() -> std::sync::Arc<Book>) -> Answered {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, bytes)) = kept.as_ref().filter(|(written, _)| written.elapsed() < KEPT) {
            return json(StatusCode::OK, bytes.clone());
        }
        match serde_json::to_vec(&Everything::of(service, &book())) {
            Ok(bytes) => {
                let bytes = Bytes::from(bytes);
                *kept = Some((Instant::now(), bytes.clone()));
                json(StatusCode::OK, bytes)
            }
            Err(error) => {
                text(StatusCode::INTERNAL_SERVER_ERROR, format!("cannot be written as JSON: {error}\n"))
            }
        }
    }

    /// Something was ordered: what is told next is of then.
    pub(crate) fn forget(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
    }
}
