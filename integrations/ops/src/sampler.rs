//! Takes a sample every second, and keeps those of the last minutes.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{
    sync::{Notify, watch},
    time::{self, MissedTickBehavior},
};

use crate::{book::Book, news::News, sample::Sample};

/// How many samples are kept, as long as they are small.
const SAMPLES: usize = 180;
/// How many values they may have together: eight bytes each.
const VALUES: usize = 512 * 1024;
/// How many changed values a page is sent of the past.
const SENT: usize = 60_000;
/// Policies may be registered at any time; they are looked for once in so many samples.
const RENEWS: u32 = 5;

#[derive(Debug)]
pub(crate) struct Sampler {
    latest: watch::Sender<Arc<Sample>>,
    past: Mutex<VecDeque<Arc<Sample>>>,
    pub(crate) news: News,
    poke: Notify,
    every: Duration,
}

impl Sampler {
    pub(crate) fn new(every: Duration) -> Self {
        let first = Arc::new(Sample::take(&Arc::new(Book::default()).renewed()));
        Self {
            latest: watch::Sender::new(Arc::clone(&first)),
            past: Mutex::new(VecDeque::from([first])),
            news: News::default(),
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

    /// Samples up to that one, the oldest first: as many as a page is sent at once.
    pub(crate) fn past(&self, until: &Arc<Sample>) -> Vec<Arc<Sample>> {
        let past = self.past.lock().unwrap_or_else(PoisonError::into_inner);
        let mut sent = vec![Arc::clone(until)];
        let mut room = SENT;
        for earlier in past.iter().rev().filter(|sample| sample.at < until.at) {
            let changed = sent.last().map_or(0, |later| later.differing(earlier));
            let Some(left) = room.checked_sub(changed) else { break };
            room = left;
            sent.push(Arc::clone(earlier));
        }
        sent.reverse();
        sent
    }

    fn sample(&self, renews: bool) {
        let book = Arc::clone(&self.latest.borrow().book);
        let book = if renews { book.renewed() } else { book };
        self.news.look(&book);
        let sample = Arc::new(Sample::take(&book));
        let mut past = self.past.lock().unwrap_or_else(PoisonError::into_inner);
        let most = (VALUES / sample.values.len().max(1)).clamp(4, SAMPLES);
        while past.len() >= most {
            past.pop_front();
        }
        past.push_back(Arc::clone(&sample));
        drop(past);
        self.latest.send_replace(sample);
    }
}
