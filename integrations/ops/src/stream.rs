//! Server-sent events. What a reader was last told is remembered for each, and the next piece is made when there is room for
//! it: a slow reader skips samples, and never has more than one piece waiting.

use std::{fmt::Write as _, sync::Arc};

use hyper::body::Bytes;
use mainstay_runtime::registry::policies;
use serde::Serialize;
use tokio::sync::{OwnedSemaphorePermit, mpsc};

use crate::{
    access::May,
    conditions::Known,
    model::{Numbered, SiteModel, VERSION},
    news::Item,
    routes::Ops,
    sample::Sample,
    wall,
};

/// What a page is told first.
#[derive(Serialize)]
struct Start<'a> {
    version: u32,
    service: &'a str,
    mainstay: &'static str,
    started: u64,
    now: u64,
    every: u64,
    may: May,
    sites: Vec<SiteModel>,
    policies: Vec<Numbered<'a>>,
    news: &'a [Item],
}

/// What came to the book since.
#[derive(Serialize)]
struct More<'a> {
    sites: Vec<SiteModel>,
    policies: Vec<Numbered<'a>>,
}

/// What a reader has been told.
struct Told {
    sample: Arc<Sample>,
    news: u64,
    known: Known,
}

impl Ops {
    /// Pieces for a reader, until it goes or the server stops.
    pub(crate) fn stream(self: &Arc<Self>, may: May, place: OwnedSemaphorePermit) -> mpsc::Receiver<Bytes> {
        let (sender, pieces) = mpsc::channel(1);
        let ops = Arc::clone(self);
        tokio::spawn(async move {
            let _place = place;
            let mut samples = ops.sampler.follow();
            samples.mark_unchanged();
            let (mut told, piece) = ops.start(may);
            if sender.send(piece).await.is_err() {
                return;
            }
            loop {
                tokio::select! {
                    changed = samples.changed() => if changed.is_err() { return },
                    () = sender.closed() => return,
                    () = ops.ends() => {
                        // Who has not read what came before is not waited for.
                        ops.conditions.renew_shutdown();
                        let _ = sender.try_send(ops.last_word(&told));
                        return;
                    }
                }
                let Ok(room) = sender.reserve().await else { return };
                let sample = Arc::clone(&samples.borrow_and_update());
                room.send(ops.go_on(&mut told, sample));
            }
        });
        pieces
    }

    fn start(&self, may: May) -> (Told, Bytes) {
        let mut past = String::new();
        let sample = self.sampler.past(&mut past);
        let news = self.sampler.news.since(0);
        let book = &sample.book;
        let explained = policies().explain();
        let start = Start {
            version: VERSION,
            service: &self.service,
            mainstay: env!("CARGO_PKG_VERSION"),
            started: self.started,
            now: wall::now(),
            every: u64::try_from(self.sampler.every().as_millis()).unwrap_or(u64::MAX),
            may,
            sites: book.sites.iter().map(SiteModel::of).collect(),
            policies: book.policies.iter().map(|entry| Numbered::of(entry, &explained)).collect(),
            news: &news,
        };
        let mut out = String::from("retry: 1000\n");
        event(&mut out, "start", &start);
        out.push_str("event: past\ndata: ");
        out.push_str(&past);
        out.push_str("\n\n");
        let known = self.conditions();
        plain(&mut out, "health", &known.health);
        plain(&mut out, "shutdown", &known.shutdown);
        let told = Told { sample, news: news.last().map_or(0, |item| item.n + 1), known };
        (told, Bytes::from(out))
    }

    /// What happened since, when there is no other sample to come.
    fn last_word(&self, told: &Told) -> Bytes {
        let mut out = String::new();
        let news = self.sampler.news.since(told.news);
        if !news.is_empty() {
            event(&mut out, "news", &news);
        }
        plain(&mut out, "shutdown", &self.conditions().shutdown);
        Bytes::from(out)
    }

    fn go_on(&self, told: &mut Told, sample: Arc<Sample>) -> Bytes {
        let mut out = String::new();
        let (before, book) = (&told.sample.book, &sample.book);
        if !Arc::ptr_eq(before, book) {
            let explained = policies().explain();
            let added = book.policies.iter().skip(before.policies.len());
            let more = More {
                sites: book.sites.iter().skip(before.sites.len()).map(SiteModel::of).collect(),
                policies: added.map(|entry| Numbered::of(entry, &explained)).collect(),
            };
            event(&mut out, "more", &more);
        }
        out.push_str("event: sample\ndata: ");
        sample.write_since(Some(&told.sample), &mut out);
        out.push_str("\n\n");
        let news = self.sampler.news.since(told.news);
        if let Some(last) = news.last() {
            told.news = last.n + 1;
            event(&mut out, "news", &news);
        }
        let known = self.conditions();
        if known.health != told.known.health {
            plain(&mut out, "health", &known.health);
        }
        if known.shutdown != told.known.shutdown {
            plain(&mut out, "shutdown", &known.shutdown);
        }
        (told.sample, told.known) = (sample, known);
        Bytes::from(out)
    }
}

fn event(out: &mut String, name: &str, data: &impl Serialize) {
    match serde_json::to_string(data) {
        Ok(data) => plain(out, name, &data),
        Err(error) => tracing::error!(target: "mainstay", "an event for the page cannot be written: {error}"),
    }
}

/// `data` has no line breaks.
fn plain(out: &mut String, name: &str, data: &str) {
    if !data.is_empty() {
        // A `String` takes all that is written to it.
        let _ = write!(out, "event: {name}\ndata: {data}\n\n");
    }
}
