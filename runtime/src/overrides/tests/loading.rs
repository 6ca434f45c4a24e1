use std::sync::{Arc, Mutex};

use super::{
    super::{Entry, Known, Level, Origin, Said, Source, Values},
    kinds::{self, Answer, Config, Gate, Once, Storm, desk, explain, load, load_one, make},
};
use crate::observe::{self, Event};

/// A source whose words can be changed while it is in use.
#[derive(Clone, Default)]
pub(super) struct Paper(Arc<Mutex<Vec<Entry>>>);

impl Paper {
    pub(super) fn write(&self, entries: Vec<Entry>) {
        *self.0.lock().unwrap() = entries;
    }
}

impl Source for Paper {
    fn read(&self, _known: &Known) -> Said {
        self.0.lock().unwrap().clone().into()
    }
}

pub(super) fn said(level: Level, option: &str, value: &str) -> Entry {
    Entry::new(format!("paper: {option}"), level, option, value)
}

#[test]
fn every_form_of_value_reaches_its_option() {
    let desk = desk();
    let gate: &Gate = make("a");
    let values = Values::new()
        .kind("gate", "limit", 3)
        .kind("gate", "wait", "1m30s")
        .kind("gate", "share", 0.25)
        .kind("gate", "factor", 3)
        .kind("gate", "rate", "5/min")
        .kind("gate", "strict", true)
        .kind("gate", "order", "last")
        .kind("gate", "queue", 7)
        .kind("gate", "greeting", "good evening");
    let report = load_one(&desk, values).unwrap();
    assert_eq!((report.settings(), report.changes().len()), (9, 9));
    let expected = ["3", "90s", "0.25", "3", "5/min", "true", "last", "7", "good evening"];
    let options = ["limit", "wait", "share", "factor", "rate", "strict", "order", "queue", "greeting"];
    assert_eq!(options.map(|option| gate.shows(option)), expected);
    load_one(&desk, Values::new().kind("gate", "queue", "none")).unwrap();
    assert_eq!(gate.config(), &Config::new());
}

#[test]
fn a_name_goes_before_its_kind_and_both_before_the_code() {
    let desk = desk();
    let (a, b): (&Gate, &Gate) = (make("a"), make("b"));
    let other: &Answer = make("a");
    load_one(
        &desk,
        Values::new().name("a", "gate", "limit", 1).kind("gate", "limit", 2).kind("gate", "queue", 4),
    )
    .unwrap();
    assert_eq!((a.config().limit, b.config().limit, other.config().limit), (1, 2, 10));
    assert_eq!((a.config().queue, b.config().queue), (Some(4), Some(4)));
    let explained = explain(&desk);
    let origin = |name: &str, option: &str| {
        let valued = explained.find("gate", name).unwrap().option(option).unwrap();
        (valued.value.clone(), valued.origin.level())
    };
    assert_eq!(origin("a", "limit"), ("1".to_owned(), "name"));
    assert_eq!(origin("b", "limit"), ("2".to_owned(), "kind"));
    assert_eq!(origin("b", "wait"), ("1s".to_owned(), "default"));
    assert_eq!(origin("b", "enabled"), ("true".to_owned(), "default"));
    assert_eq!(origin("b", "built_in"), ("7".to_owned(), "default"));
    let text = explained.to_string();
    assert!(text.contains("gate `a`\n    enabled"), "{text}");
    assert!(text.contains("name, ") && text.contains("loading.rs:"), "{text}");
    assert!(explained.find("once", "a").is_none());
    // What is said no more is the code's again.
    let report = load(&desk, []).unwrap();
    assert_eq!((a.config(), b.config()), (&Config::new(), &Config::new()));
    assert!(report.changes().iter().all(|change| change.origin == "code"), "{report}");
}

#[test]
fn of_two_sources_the_later_wins_at_one_level_and_the_narrower_level_whatever_the_source() {
    let desk = desk();
    let (a, b): (&Gate, &Gate) = (make("a"), make("b"));
    let file = Values::new().name("a", "gate", "limit", 1).kind("gate", "wait", "1s");
    let environment = Values::new().kind("gate", "limit", 2).kind("gate", "wait", "2s");
    load(&desk, [Box::new(file) as Box<dyn Source>, Box::new(environment)]).unwrap();
    assert_eq!((a.config().limit, b.config().limit), (1, 2));
    assert_eq!((a.shows("wait"), b.shows("wait")), ("2s".to_owned(), "2s".to_owned()));
}

#[test]
fn switches_have_the_precedence_of_microprofile() {
    let desk = desk();
    let (a, b): (&Gate, &Gate) = (make("a"), make("b"));
    let (answer, once, storm): (&Answer, &Once, &Storm) = (make("a"), make("a"), make("a"));
    let on = || [a.is_on(), b.is_on(), answer.is_on(), once.is_on(), storm.is_on()];
    assert_eq!(on(), [true, true, true, true, false]);
    // CF-01, CF-02: the master switch turns off what shields; fallbacks answer on.
    load_one(&desk, Values::new().enabled(false)).unwrap();
    assert_eq!(on(), [false, false, true, true, false]);
    // CF-11, CF-12: it has the lowest rank.
    load_one(&desk, Values::new().enabled(false).name("a", "gate", "enabled", true)).unwrap();
    assert_eq!(on(), [true, false, true, true, false]);
    load_one(&desk, Values::new().enabled(false).kind("gate", "enabled", true)).unwrap();
    assert_eq!(on(), [true, true, true, true, false]);
    // CF-05, CF-07, CF-08, CF-10.
    load_one(&desk, Values::new().kind("gate", "enabled", false)).unwrap();
    assert_eq!(on(), [false, false, true, true, false]);
    load_one(&desk, Values::new().name("b", "gate", "enabled", false)).unwrap();
    assert_eq!(on(), [true, false, true, true, false]);
    load_one(&desk, Values::new().kind("gate", "enabled", false).name("b", "gate", "enabled", true)).unwrap();
    assert_eq!(on(), [false, true, true, true, false]);
    load_one(&desk, Values::new().kind("gate", "enabled", true).name("b", "gate", "enabled", false)).unwrap();
    assert_eq!(on(), [true, false, true, true, false]);
    // A fallback goes by its own switches, chaos begins by its own, and the master switch begins none.
    load_one(&desk, Values::new().enabled(true).kind("spare_answer", "enabled", false)).unwrap();
    assert_eq!(on(), [true, true, false, true, false]);
    load_one(&desk, Values::new().enabled(false).name("a", "storm", "enabled", true)).unwrap();
    assert_eq!(on(), [false, false, true, true, true]);
    load(&desk, []).unwrap();
    assert_eq!(on(), [true, true, true, true, false]);
}

#[test]
fn one_mistake_anywhere_and_nothing_is_set() {
    let desk = desk();
    let (a, b): (&Gate, &Gate) = (make("a"), make("b"));
    load_one(&desk, Values::new().kind("gate", "limit", 3)).unwrap();
    let error = load_one(&desk, Values::new().kind("gate", "limit", 4).name("b", "gate", "wait", "soon"));
    assert!(error.is_err());
    // Alone each is right, together they are not: the rules of the policy are asked about the whole.
    let error =
        load_one(&desk, Values::new().kind("gate", "limit", 5).name("b", "gate", "queue", 0)).unwrap_err();
    assert!(error.to_string().contains("of the gate `b`: nobody can wait in a queue of 0"), "{error}");
    assert_eq!((a.config().limit, b.config().limit), (3, 3));
    load_one(&desk, Values::new().kind("gate", "wait", "0s").name("b", "gate", "queue", 0)).unwrap();
    assert_eq!((a.config().limit, b.config().queue), (10, Some(0)));
}

#[test]
fn a_policy_that_comes_later_takes_what_is_in_force_or_keeps_the_codes() {
    let desk = desk();
    let values = Values::new()
        .kind("gate", "limit", 3)
        .name("late", "gate", "wait", "5s")
        .name("odd", "gate", "queue", 0);
    let error = load_one(&desk, values.clone()).unwrap_err();
    assert!(error.problems().iter().any(|problem| problem.problem().contains("no policy is called `late`")));
    let later = vec!["late".to_owned(), "odd".to_owned()];
    desk.load(Arc::new([Box::new(values) as Box<dyn Source>]), later).unwrap();
    let (late, odd): (&Gate, &Gate) = (make("late"), make("odd"));
    desk.adopt("late", late);
    desk.adopt("odd", odd);
    assert_eq!((late.config().limit, late.shows("wait")), (3, "5s".to_owned()));
    assert_eq!(odd.config(), &Config::new());
    let explained = explain(&desk);
    let origin = |name| explained.find("gate", name).unwrap().option("limit").unwrap().origin.clone();
    assert!(matches!(origin("late"), Origin::Kind(_)) && !origin("odd").is_outside());
    desk.report_adopted();
}

#[test]
fn changes_are_told_with_old_and_new_value_and_origin_and_under_no_lock() {
    let desk: &'static _ = Box::leak(Box::new(desk()));
    let gate: &Gate = make("told");
    let heard = Arc::new(Mutex::new(Vec::new()));
    let ears = Arc::clone(&heard);
    let _listening = observe::listen(move |event| {
        if let Event::Overridden { policy: "told", kind, option, old, new, origin, .. } = event {
            // It may use the desk, even load.
            let here = desk.reload().map(|report| report.changes().len());
            ears.lock().unwrap().push(format!("{kind} {option} {old} {new} {origin} {here:?}"));
        }
    });
    let paper = Paper::default();
    paper.write(vec![
        said(Level::kind("gate"), "queue", "5"),
        said(Level::name("told", "gate"), "enabled", "false"),
    ]);
    let report = load_one(desk, paper.clone()).unwrap();
    assert_eq!(report.changes().len(), 2);
    let told = std::mem::take(&mut *heard.lock().unwrap());
    assert_eq!(
        told,
        ["gate queue none 5 paper: queue Ok(0)", "gate enabled true false paper: enabled Ok(0)"]
    );
    assert_eq!(desk.reload().unwrap().changes(), []);
    paper.write(vec![]);
    assert_eq!(desk.reload().unwrap().changes().len(), 2);
    assert_eq!(
        heard.lock().unwrap().as_slice(),
        ["gate queue 5 none code Ok(0)", "gate enabled false true code Ok(0)"]
    );
    assert_eq!(gate.followed.load(crate::sync::Ordering::Relaxed), 2);
    assert!(kinds::find().targets.len() == 1);
}

#[test]
fn a_call_in_flight_finishes_under_what_it_began_with() {
    let desk = desk();
    let gate: &Gate = make("a");
    let in_flight = gate.config();
    for limit in 1..50 {
        load_one(&desk, Values::new().kind("gate", "limit", limit)).unwrap();
        assert_eq!((in_flight.limit, gate.config().limit), (10, limit));
    }
}

#[test]
fn what_is_said_of_a_kind_passes_over_those_that_have_no_such_option() {
    let desk = desk();
    let (a, b): (&Gate, &Gate) = (make("a"), make("b"));
    let strict: &Gate = kinds::make_with("strict", Config { strict: true, ..Config::new() });
    let values = Values::new().kind("gate", "greeting", "hello").name("b", "gate", "strict", true);
    let report = load_one(&desk, values).unwrap();
    assert_eq!(report.changes().len(), 2, "{report}");
    assert_eq!([a, b, strict].map(|gate| gate.shows("greeting")), ["hello", "", ""]);
    let explained = explain(&desk);
    let origin = |name| explained.find("gate", name).unwrap().option("greeting").unwrap().origin.level();
    assert_eq!(["a", "b", "strict"].map(origin), ["kind", "default", "default"]);
    // Whoever says its name means it.
    load_one(&desk, Values::new().name("strict", "gate", "greeting", "hello")).unwrap();
    assert_eq!(strict.shows("greeting"), "hello");
}
