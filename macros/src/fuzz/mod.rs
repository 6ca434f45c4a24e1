//! Options and items that nobody meant: mutations of right ones and random tokens, under every attribute and the derive.
//!
//! Whatever comes in, what comes out is an expansion, or our own message beside the item as the user wrote it. A failure
//! prints its seed and its input. For more than the few seconds of a usual run:
//! `MAINSTAY_FUZZ_CASES=2000000 MAINSTAY_FUZZ_SEED=7 cargo test --release -p mainstay-macros fuzz -- --nocapture`.

mod check;
mod corpus;
mod health_corpus;
mod mutate;
mod odd;

use std::{panic::catch_unwind, str::FromStr};

use fastrand::Rng;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::{entry, stack::Kind};
use check::{check_attribute, check_derive, check_health_attribute};
use mutate::{list, mutated, random};

/// How many cases a test runs, unless `MAINSTAY_FUZZ_CASES` says so.
const CASES: u64 = 1_500;

fn setting<T: FromStr>(name: &str, default: T) -> T {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// Runs `case` with a generator of its own for each seed. All that fail are told, each with what repeats it.
fn each_seed(case: impl Fn(&mut Rng) -> Result<(), String> + std::panic::RefUnwindSafe) {
    let first = setting("MAINSTAY_FUZZ_SEED", 0);
    let mut problems = Vec::new();
    for seed in first..first + setting("MAINSTAY_FUZZ_CASES", CASES) {
        let outcome = catch_unwind(|| case(&mut Rng::with_seed(seed)));
        let problem = match outcome {
            Ok(Ok(())) => continue,
            Ok(Err(problem)) => problem,
            Err(_) => "a panic, told above".to_owned(),
        };
        problems.push(format!("MAINSTAY_FUZZ_SEED={seed} MAINSTAY_FUZZ_CASES=1\n{problem}"));
        if problems.len() == 10 {
            break;
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n\n"));
}

fn kind(rng: &mut Rng) -> Kind {
    Kind::ALL[rng.usize(..Kind::ALL.len())]
}

fn choose<'a>(rng: &mut Rng, texts: &[&'a str]) -> &'a str {
    texts[rng.usize(..texts.len())]
}

fn tokens(text: &str) -> TokenStream {
    text.parse().expect("the corpus is Rust")
}

#[test]
fn options_gone_wrong_are_refused_in_our_words() {
    each_seed(|rng| {
        let kind = kind(rng);
        let options = list(rng, corpus::options(kind));
        let options = mutated(rng, tokens(&options));
        check_attribute(kind, options, tokens(choose(rng, corpus::FUNCTIONS)))
    });
}

#[test]
fn random_tokens_are_refused_in_our_words() {
    each_seed(|rng| check_attribute(kind(rng), random(rng), tokens(choose(rng, corpus::FUNCTIONS))));
}

#[test]
fn stacks_gone_wrong_are_refused_in_our_words() {
    each_seed(|rng| {
        let mut item = TokenStream::new();
        for _ in 0..rng.usize(1..=5) {
            let kind = kind(rng);
            let path = tokens(choose(rng, &["", "", "mainstay::", "::mainstay::"]));
            let name = format_ident!("{}", kind.name());
            let options = tokens(&list(rng, corpus::options(kind)));
            let options = if rng.u8(..4) == 0 { mutated(rng, options) } else { options };
            item.extend(quote!(#[#path #name(#options)]));
            if rng.u8(..6) == 0 {
                item.extend(tokens(choose(rng, corpus::FOREIGN)));
            }
        }
        item.extend(tokens(choose(rng, corpus::FUNCTIONS)));
        let kind = kind(rng);
        check_attribute(kind, tokens(&list(rng, corpus::options(kind))), item)
    });
}

#[test]
fn items_gone_wrong_come_out_again() {
    each_seed(|rng| {
        let kind = kind(rng);
        let options = list(rng, corpus::options(kind));
        let items = if rng.bool() { corpus::FUNCTIONS } else { corpus::ITEMS };
        let item = tokens(choose(rng, items));
        let item = mutated(rng, item);
        check_attribute(kind, tokens(&options), item)
    });
}

#[test]
fn marks_gone_wrong_are_refused_in_our_words() {
    each_seed(|rng| {
        let item = tokens(choose(rng, corpus::ERRORS));
        check_derive(if rng.u8(..8) == 0 { item } else { mutated(rng, item) }, crate::classify::expand)
    });
}

#[test]
fn checks_gone_wrong_are_refused_in_our_words() {
    each_seed(|rng| {
        let options = tokens(&list(rng, health_corpus::CHECKS));
        let options = if rng.bool() { mutated(rng, options) } else { options };
        let item = tokens(choose(rng, health_corpus::CHECKED));
        check_health_attribute(options, if rng.bool() { mutated(rng, item) } else { item })
    });
}

#[test]
fn checked_fields_gone_wrong_are_refused_in_our_words() {
    each_seed(|rng| {
        let item = tokens(choose(rng, health_corpus::HEALTHY));
        check_derive(if rng.u8(..8) == 0 { item } else { mutated(rng, item) }, crate::health_check::derive)
    });
}

#[test]
fn handlers_gone_wrong_are_refused_in_our_words() {
    const OPTIONS: &[&str] = &[
        "\"the orders\"",
        "name = \"the orders\"",
        "phase = flush",
        "after = orders::flush",
        "after(orders::flush, \"index\")",
        "timeout = \"1m30s\"",
        "timeout = LIMIT",
        "crate = other::path",
    ];
    each_seed(|rng| {
        let options = match rng.u8(..4) {
            0 => random(rng),
            _ => {
                let options = list(rng, OPTIONS);
                mutated(rng, tokens(&options))
            }
        };
        let items = if rng.bool() { corpus::FUNCTIONS } else { corpus::ITEMS };
        let item = tokens(choose(rng, items));
        let input = format!("#[on_shutdown({options})] {item}");
        let output = entry::beside(&crate::on_shutdown::BESIDE, options, item.clone()).to_string();
        let is_told = output.contains("compile_error");
        let is_listed = output.contains("__MAINSTAY_HANDLER");
        if output.contains("this is a bug in mainstay-macros") || is_told == is_listed {
            return Err(format!("{input}\n{output}"));
        }
        Ok(())
    });
}
