//! A map behind a mutex, as one writes it by hand where no crate does it: without expiry, leases or a word of calls in
//! flight.

use std::{
    collections::HashMap,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use crate::{
    ours::idempotent::{MANY, text},
    row::{Row, keep, keys},
    work::{Error, work},
};

const WHO: &str = "map and mutex, no expiry";

#[derive(Default)]
struct Answers(Mutex<HashMap<String, u64>>);

impl Answers {
    fn once(&self, key: &str, n: u64) -> Result<u64, Error> {
        if let Some(answer) = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(key) {
            return Ok(*answer);
        }
        let answer = work(n)?;
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(key.to_owned(), answer);
        Ok(answer)
    }
}

pub fn replay() -> Row {
    let answers = keep(Answers::default());
    Row::new(WHO, || answers.once("00000000deadbeef", 1))
}

pub fn replay_of_many() -> Row {
    let answers = keep(Answers::default());
    let texts: &[String] = keep((0..MANY).map(text).collect::<Vec<_>>());
    Row::per_thread(WHO, move |thread| {
        let mut key = keys(MANY, thread);
        move || answers.once(&texts[key() as usize], 1)
    })
}

/// Every key is new, and removed again when a hundred thousand younger ones are there.
pub fn new_key() -> Row {
    static KEY: AtomicU64 = AtomicU64::new(1);
    let answers = keep(Answers::default());
    Row::new(WHO, || {
        let key = KEY.fetch_add(1, Ordering::Relaxed);
        if let Some(old) = key.checked_sub(MANY) {
            answers.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&old.to_string());
        }
        answers.once(&key.to_string(), key)
    })
}
