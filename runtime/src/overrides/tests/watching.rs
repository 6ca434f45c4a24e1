use std::{
    sync::{Arc, Mutex, mpsc},
    time::Duration,
};

use super::{
    super::{Known, Level, Problem, Said, Source, watch::Watch},
    kinds::{Gate, desk, load_one, make},
    loading::{Paper, said},
};

#[test]
fn what_is_read_again_is_loaded_only_if_it_changed() {
    let desk = desk();
    let gate: &Gate = make("a");
    assert!(desk.reload_if_changed().is_none());
    let paper = Paper::default();
    load_one(&desk, paper.clone()).unwrap();
    assert!(desk.reload_if_changed().is_none());
    paper.write(vec![said(Level::kind("gate"), "limit", "5")]);
    assert_eq!(desk.reload_if_changed().unwrap().unwrap().changes().len(), 1);
    assert_eq!(gate.config().limit, 5);
    assert!(desk.reload_if_changed().is_none());
    // What cannot be followed is told once, and leaves the last good in force.
    paper.write(vec![said(Level::kind("gate"), "limit", "0")]);
    assert!(desk.reload_if_changed().unwrap().is_err());
    assert!(desk.reload_if_changed().is_none());
    assert_eq!(gate.config().limit, 5);
    paper.write(vec![said(Level::kind("gate"), "limit", "6")]);
    assert!(desk.reload_if_changed().unwrap().is_ok());
    assert_eq!(gate.config().limit, 6);
}

/// A source that cannot be read for a while.
#[derive(Clone, Default)]
struct Flaky(Arc<Mutex<Option<String>>>);

impl Source for Flaky {
    fn read(&self, _known: &Known) -> Said {
        match self.0.lock().unwrap().clone() {
            Some(problem) => Problem::new("flaky", "", problem).into(),
            None => vec![said(Level::kind("gate"), "limit", "5")].into(),
        }
    }
}

#[test]
fn a_source_that_fails_takes_nothing_back() {
    let desk = desk();
    let gate: &Gate = make("a");
    let flaky = Flaky::default();
    load_one(&desk, flaky.clone()).unwrap();
    *flaky.0.lock().unwrap() = Some("it is away".to_owned());
    assert!(desk.reload_if_changed().unwrap().is_err());
    assert!(desk.reload_if_changed().is_none());
    assert!(desk.reload().is_err());
    assert_eq!(gate.config().limit, 5);
    *flaky.0.lock().unwrap() = None;
    assert_eq!(desk.reload_if_changed().unwrap().unwrap().changes(), []);
}

#[test]
fn the_thread_looks_until_it_is_dropped() {
    let (tell, told) = mpsc::channel();
    let watch = Watch::start(Duration::ZERO, move || {
        let _ = tell.send(());
    });
    told.recv().unwrap();
    told.recv().unwrap();
    drop(watch);
    // The channel closes when the thread has ended.
    while told.recv().is_ok() {}
}
