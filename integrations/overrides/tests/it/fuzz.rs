//! Files gone wrong: nothing panics, and every complaint names a line that is there.

use std::env;

use mainstay_overrides::{Toml, Yaml};
use mainstay_runtime::overrides::{Known, Source};

const YAML: &str = "enabled: true\nkinds:\n  retry: { max_attempts: 5 }\n  timeout:\n    limit: \"2s\" # limit\npolicies:\n  \
                    payments:\n    circuit_breaker: {failure_threshold: 3, timeout: 10s}\n    retry:\n      enabled: false\n";
const TOML: &str = "enabled = true\nkinds.retry.max_attempts = 1_0\n[kinds.cached]\njitter = 0.5\nttl = \"2s\"\n\
                    [policies.payments]\ncircuit_breaker = { failure_threshold = 3, timeout = '10s' }\n\
                    [policies.\"shop::charge\".rate_limit]\nrate = \"100/s\"\n";
const PIECES: [&str; 24] = [
    "\n", "  ", "\t", ":", "-", "- ", "{", "}", "[", "]", "\"", "'", "&a", "*a", "!!str", "<<", "|", ">",
    "#", "=", "---\n", "...", "\r\n", "é",
];

fn mutated(text: &str, random: &mut fastrand::Rng) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    for _ in 0..random.usize(..8) {
        let at = random.usize(..=chars.len());
        match random.u8(..5) {
            0 => chars.truncate(at),
            1 if at < chars.len() => drop(chars.remove(at)),
            2 if at < chars.len() => chars[at] = random.char(..),
            3 => {
                let to = random.usize(at..=chars.len()).min(at + 40);
                let piece: Vec<char> = chars[at..to].to_vec();
                let into = random.usize(..=chars.len());
                chars.splice(into..into, piece);
            }
            _ => {
                let piece = PIECES[random.usize(..PIECES.len())];
                chars.splice(at..at, piece.chars());
            }
        }
    }
    chars.into_iter().collect()
}

fn each(text: &str, source: impl Fn(&str) -> Box<dyn Source>) {
    let number = |name| env::var(name).ok().and_then(|value| value.parse::<u64>().ok());
    let first = number("MAINSTAY_FUZZ_SEED").unwrap_or(0);
    for seed in first..first + number("MAINSTAY_FUZZ_CASES").unwrap_or(1_000) {
        let text = mutated(text, &mut fastrand::Rng::with_seed(seed));
        // A line more: a text may end within a line that was not begun.
        let lines = text.split(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}']).count() + 1;
        for problem in source(&text).read(&Known::of_program()).problems() {
            let line = problem.place().strip_prefix("p:").and_then(|line| line.parse::<usize>().ok());
            assert!(line.is_some_and(|line| (1..=lines).contains(&line)), "seed {seed}: {problem}\n{text}");
            assert!(!problem.problem().is_empty(), "seed {seed}");
        }
    }
}

#[test]
fn yaml_gone_wrong_is_told_with_a_line() {
    each(YAML, |text| Box::new(Yaml::text("p", text)));
}

#[test]
fn toml_gone_wrong_is_told_with_a_line() {
    each(TOML, |text| Box::new(Toml::text("p", text)));
}
