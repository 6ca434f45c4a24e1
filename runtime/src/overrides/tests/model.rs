//! Precedence beside a plain model of it, through random loads. `MAINSTAY_STEPS` says how many.

use std::collections::BTreeMap;

use super::{
    super::{Entry, Level, Source, Steered, Switch, desk::Desk},
    kinds::{ATTRIBUTES, Config, Of, SWITCHES, clear, explain, find, load, make, put},
    loading::Paper,
};
use crate::histories;

const NAMES: [&str; 3] = ["a", "b", "c"];
const OPTIONS: [&str; 5] = ["enabled", "limit", "wait", "queue", "order"];

/// What was said, in the order of the sources: the last word of a level counts.
type Said = Vec<Entry>;

fn value(option: &str, random: &mut fastrand::Rng) -> String {
    match option {
        "enabled" => random.bool().to_string(),
        "limit" => random.u32(1..5).to_string(),
        "wait" => format!("{}s", random.u32(1..4)),
        "queue" if random.bool() => "none".to_owned(),
        "queue" => random.u32(1..4).to_string(),
        _ => random.choice(["first", "last"]).unwrap().to_owned(),
    }
}

/// A value that no policy takes.
fn wrong(option: &str) -> &'static str {
    match option {
        "limit" => "0",
        _ => "wrong",
    }
}

fn entry(random: &mut fastrand::Rng, number: usize, known: &[(usize, &str)]) -> Entry {
    let attribute = ATTRIBUTES[random.usize(..ATTRIBUTES.len())];
    let option = OPTIONS[random.usize(..OPTIONS.len())];
    let (level, option) = match random.u8(..6) {
        0 => (Level::All, "enabled"),
        1..3 => (Level::kind(attribute), option),
        _ => match random.choice(known) {
            Some((kind, name)) => (Level::name(*name, ATTRIBUTES[*kind]), option),
            None => (Level::kind(attribute), option),
        },
    };
    let mut value = value(option, random);
    let of_once = match &level {
        Level::All => false,
        Level::Kind(attribute) | Level::Name { attribute, .. } => attribute == "once",
    };
    if of_once && option == "enabled" {
        "true".clone_into(&mut value);
    }
    Entry::new(format!("place {number}"), level, option, value)
}

/// What the model says of one option: its value and the place where it is said.
fn expected(said: &Said, kind: usize, name: &str, option: &str) -> (Option<String>, Option<String>) {
    let last = |level: Level| {
        said.iter().rev().find(|entry| entry.level == level && entry.option == option).cloned()
    };
    let mut found = last(Level::name(name, ATTRIBUTES[kind])).or_else(|| last(Level::kind(ATTRIBUTES[kind])));
    if option == "enabled" && SWITCHES[kind] == Switch::Shielding {
        found = found.or_else(|| last(Level::All));
    }
    let code = match option {
        "enabled" => Some((SWITCHES[kind] != Switch::Chaos).to_string()),
        "limit" => Some(Config::new().limit.to_string()),
        "wait" => Some("1s".to_owned()),
        "order" => Some("first".to_owned()),
        _ => None,
    };
    match found {
        Some(entry) if entry.value == "none" => (Some("not set".to_owned()), Some(entry.place)),
        Some(entry) => (Some(entry.value), Some(entry.place)),
        None => (Some(code.unwrap_or_else(|| "not set".to_owned())), None),
    }
}

/// How many values it has compared.
fn check(desk: &Desk, said: &Said, known: &[(usize, &str)]) -> u64 {
    let explained = explain(desk);
    for (kind, name) in known {
        let policy = explained.find(ATTRIBUTES[*kind], name).unwrap();
        for option in OPTIONS {
            let shown = policy.option(option);
            if SWITCHES[*kind] == Switch::Never && option == "enabled" {
                assert_eq!(shown, None);
                continue;
            }
            let is = (
                shown.map(|valued| valued.value.clone()),
                shown.filter(|valued| valued.origin.is_outside()).and_then(|valued| valued.origin.place()),
            );
            let (value, place) = expected(said, *kind, name, option);
            assert_eq!(is, (value, place.as_deref()), "{name} {} {option} of {said:?}", ATTRIBUTES[*kind]);
        }
    }
    (known.len() * OPTIONS.len()) as u64
}

/// Policies live as long as the program: those of one life serve the next.
type Pool = BTreeMap<(usize, &'static str), &'static dyn Steered>;

fn take(pool: &mut Pool, (kind, name): (usize, &'static str)) -> &'static dyn Steered {
    match pool.get(&(kind, name)) {
        Some(policy) => {
            put(name, *policy);
            *policy
        }
        None => {
            let policy = make_any(kind, name);
            pool.insert((kind, name), policy);
            policy
        }
    }
}

fn make_any(kind: usize, name: &str) -> &'static dyn Steered {
    match kind {
        0 => make::<0>(name) as &Of<0>,
        1 => make::<1>(name) as &Of<1>,
        2 => make::<2>(name) as &Of<2>,
        _ => make::<3>(name) as &Of<3>,
    }
}

fn life(random: &mut fastrand::Rng, pool: &mut Pool, steps: usize) -> u64 {
    clear();
    let mut compared = 0;
    let desk = Desk::new(find);
    let mut known: Vec<(usize, &'static str)> = Vec::new();
    let papers: [Paper; 3] = Default::default();
    let (mut said, mut number) = (Said::new(), 0);
    let sources = || papers.clone().map(|paper| Box::new(paper) as Box<dyn Source>);
    load(&desk, sources()).unwrap();
    let mut written: BTreeMap<usize, Vec<Entry>> = BTreeMap::new();
    for _ in 0..steps {
        match random.u8(..8) {
            0 => {
                let new = (random.usize(..4), NAMES[random.usize(..3)]);
                if !known.contains(&new) {
                    known.push(new);
                    desk.adopt(new.1, take(pool, new));
                }
            }
            1 => {
                // One wrong value among the right ones, wherever it is said: nothing changes.
                let paper = random.usize(..3);
                let good = written.get(&paper).cloned().unwrap_or_default();
                let mut bad = good.clone();
                let mut odd = entry(random, number, &known);
                odd.value = wrong(&odd.option).to_owned();
                let is_seen = odd.value == "wrong"
                    || known.iter().any(|(kind, name)| {
                        let mut all = said.clone();
                        all.push(odd.clone());
                        expected(&all, *kind, name, "limit").0.as_deref() == Some("0")
                    });
                bad.push(odd);
                papers[paper].write(bad);
                // A later source may have the last word on it.
                if is_seen && (paper == 2 || papers_are_empty_after(&written, paper)) {
                    assert!(desk.reload().is_err());
                }
                papers[paper].write(good);
            }
            _ => {
                let paper = random.usize(..3);
                let entries: Vec<Entry> = (0..random.usize(..6))
                    .map(|_| {
                        number += 1;
                        entry(random, number, &known)
                    })
                    .collect();
                papers[paper].write(entries.clone());
                written.insert(paper, entries);
                said = written.values().flatten().cloned().collect();
                let again = if random.bool() { desk.reload() } else { load(&desk, sources()) };
                again.unwrap();
                assert_eq!(desk.reload().unwrap().changes(), []);
            }
        }
        compared += check(&desk, &said, &known);
    }
    load(&desk, []).unwrap();
    compared
}

fn papers_are_empty_after(written: &BTreeMap<usize, Vec<Entry>>, paper: usize) -> bool {
    written.range(paper + 1..).all(|(_, entries)| entries.is_empty())
}

#[test]
fn what_is_in_force_is_what_a_plain_model_of_precedence_says() {
    const LIFE: usize = 30;
    let mut pool = Pool::new();
    // A life before the first policy compares nothing.
    histories::run(50_000, |seed| life(&mut fastrand::Rng::with_seed(seed), &mut pool, LIFE).max(1));
}
