//! What breaks the rules of a policy: all of it at once, and nothing that what cannot be read might mend.

use std::collections::BTreeMap;

use super::{Entry, Level, Opt, Problem};
use crate::{ConfigError, registry::Policy};

/// What is said of a policy's options, in the order in which it is followed.
pub(super) type Said<'s, P> = [(&'static Opt<<P as Policy>::Config>, &'s Entry)];

/// The texts that stand for what cannot be known, by the place of the option in what is said.
type Guess = BTreeMap<usize, &'static str>;

/// How many guesses are looked at.
const GUESSES: u64 = 4096;

/// The configuration that is said; `Err` with all that is wrong with it.
pub(super) fn follow<P: Policy>(
    code: &P::Config,
    name: &str,
    said: &Said<'_, P>,
) -> Result<P::Config, Vec<Problem>> {
    let (mut config, mut problems, mut unknown) = (code.clone(), Vec::new(), Vec::new());
    for (at, (option, entry)) in said.iter().enumerate() {
        match option.read(config.clone(), &entry.value) {
            Ok(changed) => config = changed,
            Err(problem) => {
                problems.push(entry.problem(problem));
                unknown.push(at);
            }
        }
    }
    // What is in the code was checked there; what does not differ from it needs no second opinion.
    while config != *code || !unknown.is_empty() {
        let Some(error) = broken::<P>(code, said, &unknown) else { break };
        let blamed = said.iter().position(|(option, _)| option.name() == error.option());
        let Some(at) = blamed.or_else(|| culprit::<P>(code, said, &unknown)) else { break };
        problems.push(problem::<P>(name, &error, said[at].1));
        if blamed.is_none() || unknown.contains(&at) {
            break;
        }
        // It will be another one, so that what follows from it is no mistake yet.
        unknown.push(at);
    }
    if problems.is_empty() { Ok(config) } else { Err(problems) }
}

/// The rule that is broken, whatever the `unknown` ones are to be.
fn broken<P: Policy>(code: &P::Config, said: &Said<'_, P>, unknown: &[usize]) -> Option<ConfigError> {
    let guesses: Vec<(usize, Vec<&'static str>)> =
        unknown.iter().map(|at| (*at, said[*at].0.guesses(code))).collect();
    let all = guesses.iter().map(|(_, texts)| texts.len() as u64).fold(1, u64::saturating_mul);
    let mut random = fastrand::Rng::with_seed(all);
    let mut broken = None;
    for number in 0..all.min(GUESSES) {
        let mut rest = if all > GUESSES { random.u64(..all) } else { number };
        let mut guess = Guess::new();
        for (at, texts) in &guesses {
            let count = texts.len() as u64;
            guess.insert(*at, texts[(rest % count) as usize]);
            rest /= count;
        }
        match P::check_config(&build::<P>(code, said, &guess, None)) {
            Ok(()) => return None,
            // The guess itself is wrong, which says nothing.
            Err(error) if unknown.iter().any(|at| said[*at].0.name() == error.option()) => {}
            Err(error) => broken = broken.or(Some(error)),
        }
    }
    broken
}

/// What is said, with guesses for what is unknown, and without one of it.
fn build<P: Policy>(
    code: &P::Config,
    said: &Said<'_, P>,
    guess: &Guess,
    without: Option<usize>,
) -> P::Config {
    let said = said.iter().enumerate().filter(|(at, _)| Some(*at) != without);
    said.fold(code.clone(), |config, (at, (option, entry))| {
        let text = guess.get(&at).copied().unwrap_or(&entry.value);
        option.read(config.clone(), text).unwrap_or(config)
    })
}

/// What is to blame where the rule speaks of an option of which nothing is said: that without which it holds, else the last.
fn culprit<P: Policy>(code: &P::Config, said: &Said<'_, P>, unknown: &[usize]) -> Option<usize> {
    let mut known = (0..said.len()).rev().filter(|at| !unknown.contains(at));
    let holds = |at: &usize| P::check_config(&build::<P>(code, said, &Guess::new(), Some(*at))).is_ok();
    known.clone().find(holds).or_else(|| known.next())
}

fn problem<P: Policy>(name: &str, error: &ConfigError, entry: &Entry) -> Problem {
    let (kind, attribute, option) = (P::KIND, P::ATTRIBUTE, error.option());
    let at = if entry.option == option { String::new() } else { format!("`{option}`: ") };
    let remedy = match entry.level {
        Level::Kind(_) => format!("; or set `policies.{name}.{attribute}` apart"),
        _ => String::new(),
    };
    entry.problem(format!("of the {kind} `{name}`: {at}{}{remedy}", error.problem()))
}
