//! Takes a sample every second, and keeps those of the last minutes.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{
    sync::{Notify, watch},
    time::{self, MissedTickBehavior},
};

use crate::{book::Book, news::News, past::Past, sample::Sample};

/// Policies may be registered at any time; they are looked for once in so many samples.
const RENEWS: u32 = 5;

#[derive(Debug)]
pub(crate) struct Sampler {
    latest: watch::Sender<Arc<Sample>>,
    past: Mutex<Past>,
    pub(crate) news: News,
    poke: Notify,
    every: Duration,
}

impl Sampler {
    pub(crate) fn new(every: Duration) -> Self {
        let first = Arc::new(Sample::take(&Arc::new(Book::default()).renewed()));
        Self {
            latest: watch::Sender::new(Arc::clone(&first)),
            past: Mutex::new(Past::new(first)),
            news: News::new(),
            poke: Notify::new(),
            every,
        }
    }

    pub(crate) fn every(&self) -> Duration {
        self.every
    }

    /// Samples until it is dropped.
    pub(crate) async fn run(&self) {
        let mut ticks = time::interval(self.every);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
        for round in 0_u32.. {
            tokio::select! {
                _ = ticks.tick() => self.sample(round % RENEWS == 0),
                () = self.poke.notified() => self.sample(true),
            }
        }
    }

    /// Has a sample taken now.
    pub(crate) fn poke(&self) {
        self.poke.notify_one();
    }

    /// The latest sample, and those to come.
    pub(crate) fn follow(&self) -> watch::Receiver<Arc<Sample>> {
        self.latest.subscribe()
    }

    /// The book, with what is new in it.
    pub(crate) fn book(&self) -> Arc<Book> {
        Arc::clone(&self.latest.borrow().book).renewed()
    }

    /// The samples of the last minutes as JSON, and the last of them.
    pub(crate) fn past(&self, out: &mut String) -> Arc<Sample> {
        self.past.lock().unwrap_or_else(PoisonError::into_inner).write(out)
    }

    fn sample(&self, renews: bool) {
        let book = Arc::clone(&self.latest.borrow().book);
        let book = if renews { book.renewed() } else { book };
        self.news.look(&book);
        let sample = Arc::new(Sample::take(&book));
        self.past.lock().unwrap_or_else(PoisonError::into_inner).add(&sample);
        self.latest.send_replace(sample);
    }
}
