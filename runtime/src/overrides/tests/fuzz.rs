//! Variables that are nearly right: nothing panics, and every complaint names its variable.

use super::{
    super::{Environment, Level, Source, Values},
    kinds::{Answer, Gate, Once, Storm, desk, find, load_one, make},
};
use crate::histories;

const VARIABLES: [&str; 8] = [
    "MAINSTAY_PAYMENTS_GATE_WAIT",
    "MAINSTAY_SHOP__CHARGE_GATE_LIMIT",
    "MAINSTAY_GATE_RATE",
    "MAINSTAY_STORM_ENABLED",
    "MAINSTAY_ENABLED",
    "MAINSTAY_SPARE_ANSWER_SHARE",
    "CIRCUIT_BREAKER_TIMEOUT",
    "RATE_LIMIT_REQUESTS_PER_SECOND",
];
const VALUES: [&str; 14] = [
    "1m30s",
    "100/s",
    "0.5",
    "true",
    "none",
    "first",
    "18446744073709551615s",
    "1_0",
    "",
    "µs",
    "-1",
    "1e400",
    "٣s",
    "5s\u{0}",
];

fn mutate(text: &str, random: &mut fastrand::Rng) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    for _ in 0..random.usize(..4) {
        let at = random.usize(..=chars.len());
        match random.u8(..4) {
            0 if at < chars.len() => drop(chars.remove(at)),
            1 if at < chars.len() => chars[at] = random.char(..),
            2 if at < chars.len() => chars.swap(at, 0),
            _ => chars.insert(at, *random.choice(&['_', '0', '.', '/', 's', 'é', ' ', 'M']).unwrap()),
        }
    }
    chars.into_iter().collect()
}

#[test]
fn nothing_panics_and_every_complaint_names_its_place() {
    let desk = desk();
    let (_, _): (&Gate, &Gate) = (make("payments"), make("shop::charge"));
    let (_, _, _): (&Answer, &Once, &Storm) = (make("payments"), make("payments"), make("storm"));
    histories::run(2_000, |seed| {
        let random = &mut fastrand::Rng::with_seed(seed);
        let variables: Vec<(String, String)> = (0..random.usize(1..6))
            .map(|_| {
                let name = mutate(random.choice(VARIABLES).unwrap(), random).replace(['\0', '='], "");
                (name, mutate(random.choice(VALUES).unwrap(), random))
            })
            .collect();
        if let Err(error) = load_one(&desk, Environment::of(variables.clone())) {
            for problem in error.problems() {
                assert!(variables.iter().any(|(name, _)| name == problem.place()), "{error}");
                assert!(!problem.problem().is_empty());
            }
        }
        variables.len() as u64
    });
}

#[test]
fn keys_of_any_text_are_told_as_they_stand() {
    let desk = desk();
    let _: &Gate = make("payments");
    histories::run(3_000, |seed| {
        let random = &mut fastrand::Rng::with_seed(seed);
        let word = |random: &mut fastrand::Rng, usual: &str| {
            if random.bool() { usual.to_owned() } else { mutate(usual, random) }
        };
        let (name, attribute) = (word(random, "payments"), word(random, "gate"));
        let (option, value) = (word(random, "wait"), word(random, "1m30s"));
        let values = Values::new().name(&name, &attribute, &option, value);
        let key = values.read(&find()).entries()[0].key();
        assert_eq!(key, format!("{}.{option}", Level::name(name, attribute)));
        if let Err(error) = load_one(&desk, values) {
            assert!(error.problems().iter().all(|problem| problem.key() == key), "{error}");
        }
        1
    });
}
