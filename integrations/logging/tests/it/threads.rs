use std::{
    io::{self, Write},
    sync::{Arc, Condvar, Mutex},
    time::Duration,
};

use mainstay_logging::Json;
use tracing_subscriber::layer::SubscriberExt;

use crate::support::{Page, SOON, quiet};

/// A terminal that is stopped until somebody lets it go on.
#[derive(Clone, Default)]
struct Stopped {
    goes: Arc<(Mutex<bool>, Condvar)>,
    page: Page,
}

impl Stopped {
    fn go(&self) {
        *self.goes.0.lock().unwrap() = true;
        self.goes.1.notify_all();
    }
}

impl Write for Stopped {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let goes = self.goes.0.lock().unwrap();
        drop(self.goes.1.wait_while(goes, |goes| !*goes).unwrap());
        self.page.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_place_that_is_stuck_slows_no_call_and_what_is_lost_is_counted() {
    let stopped = Stopped::default();
    let logging = quiet().capacity(4096).output(stopped.clone(), Json::default());
    let (layer, guard) = logging.layer().unwrap();
    tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), || {
        for n in 0..1_000 {
            tracing::info!(n, "line");
        }
        assert!(!guard.flush(Duration::ZERO));
        let lost = guard.count().lost;
        assert!(lost > 900, "{lost}");
        stopped.go();
        assert!(guard.flush(SOON));
        tracing::info!("it goes on");
    });
    let flushed = guard.shutdown(SOON);
    let lines = stopped.page.lines();
    let told: u64 = lines.iter().filter_map(|line| line.get("lost")?.as_u64()).sum();
    assert_eq!(told, flushed.lost);
    let ordinary = lines.iter().filter(|line| line["message"] == "line").count() as u64;
    assert_eq!((ordinary + flushed.lost, flushed.written), (1_000, ordinary + 1));
}

#[test]
fn the_end_waits_for_a_stuck_place_no_longer_than_it_may() {
    let stopped = Stopped::default();
    let (layer, guard) = quiet().output(stopped.clone(), Json::default()).layer().unwrap();
    tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), || tracing::info!("line"));
    let flushed = guard.shutdown(Duration::ZERO);
    assert_eq!((flushed.written, flushed.lost), (0, 1));
    stopped.go();
}

/// A writer that logs, and one that panics.
struct Odd(bool);

impl Write for Odd {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        tracing::info!("from a writer");
        if self.0 { Ok(bytes.len()) } else { std::panic::resume_unwind(Box::new("in a writer")) }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_writer_of_ones_own_may_log_or_panic_without_end_or_harm() {
    let page = Page::default();
    let logging = quiet()
        .output(Odd(true), Json::default())
        .output(Odd(false), Json::default())
        .output(page.clone(), Json::default());
    let (layer, guard) = logging.layer().unwrap();
    let dispatch = tracing::Dispatch::new(tracing_subscriber::registry().with(layer));
    tracing::dispatcher::with_default(&dispatch, || {
        tracing::info!("line");
        assert!(guard.flush(SOON));
        assert_eq!(guard.shutdown(SOON).lost, 1);
        // Written on this thread now.
        tracing::info!("later");
    });
    assert_eq!(page.lines().len(), 2);
}

#[test]
fn lines_of_many_threads_stay_whole() {
    let page = Page::default();
    let (layer, guard) = quiet().output(page.clone(), Json::default()).wait_when_full().layer().unwrap();
    let dispatch = tracing::Dispatch::new(tracing_subscriber::registry().with(layer));
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let dispatch = dispatch.clone();
            scope.spawn(move || {
                tracing::dispatcher::with_default(&dispatch, || {
                    tracing::info_span!("thread", thread)
                        .in_scope(|| (0..500).for_each(|n| tracing::info!(n, "line")));
                });
            });
        }
    });
    assert_eq!(guard.shutdown(SOON).written, 4_000);
    assert_eq!(page.lines().len(), 4_000);
}
