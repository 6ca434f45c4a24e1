//! Patterns, `mut`, `impl Trait`, unused and underscored arguments.

use std::borrow::Cow;

use mainstay::{bulkhead, fallback, retry, timeout};

use crate::support::*;

struct Line {
    item: &'static str,
    count: u32,
}

#[retry]
#[timeout("1s")]
async fn patterns(
    (a, b): (u32, u32),
    Line { item, count: n }: Line,
    [first, .., last]: [u32; 4],
    &borrowed: &u32,
    flaky: &Flaky,
) -> Answer<String> {
    flaky.until(2)?;
    Ok(format!("{a} {b} {item} {n} {first} {last} {borrowed}"))
}

#[retry]
fn patterns_sync((a, _): (u32, u32), Line { item, .. }: Line, flaky: &Flaky) -> Answer<String> {
    flaky.until(2)?;
    Ok(format!("{a} {item}"))
}

#[timeout("1s")]
async fn mutable(mut count: u32, mut text: String, (mut x, y): (u32, u32)) -> Answer<String> {
    count += 1;
    x += y;
    text.push('!');
    Ok(format!("{text} {count} {x}"))
}

#[bulkhead(5)]
fn mutable_sync(mut count: u32, mut text: String) -> Answer<String> {
    count += 1;
    text.push('!');
    Ok(format!("{text} {count}"))
}

/// What an attempt changes in a `mut` argument of its own is there for the next one, as it would be in a loop.
#[retry]
fn mutable_copy(mut count: u32) -> Answer {
    count += 1;
    if count < 3 { Err(Failure::Reset) } else { Ok(count) }
}

#[retry]
async fn unused(_: u32, _ignored: String, flaky: &Flaky) -> Answer {
    flaky.until(2)
}

#[retry]
async fn implied(
    name: impl AsRef<str>,
    items: &mut impl Iterator<Item = u32>,
    note: &dyn std::fmt::Display,
    text: Cow<'_, str>,
) -> Answer<String> {
    let next = items.next().filter(|next| *next > 2).ok_or(Failure::Reset)?;
    Ok(format!("{} {next} {note} {text}", name.as_ref()))
}

#[fallback(|_, b| Ok(b))]
fn one_of_a_pattern((_a, b): (u32, u32)) -> Answer {
    Err(Failure::Reset)
}

#[retry]
fn raw(r#type: &str, r#match: u32, flaky: &Flaky) -> Answer<String> {
    flaky.until(2)?;
    Ok(format!("{} {}", r#type, r#match))
}

#[retry]
fn same_words_as_ours(
    answer: u32,
    retry: u32,
    attempts: u32,
    error: u32,
    root: u32,
    flaky: &Flaky,
) -> Answer {
    let flow = flaky.until(2)?;
    Ok(answer + retry + attempts + error + root + flow)
}

#[tokio::test(start_paused = true)]
async fn patterns_bind_for_every_attempt() {
    let line = || Line { item: "tea", count: 3 };
    let answer = patterns((1, 2), line(), [4, 5, 6, 7], &8, &Flaky::default()).await;
    assert_eq!(answer.unwrap(), "1 2 tea 3 4 7 8");
    assert_eq!(at_once(|| patterns_sync((1, 2), line(), &Flaky::default())).unwrap(), "1 tea");
    assert_eq!(one_of_a_pattern((1, 2)), Ok(2));
}

#[tokio::test]
async fn arguments_may_be_mutable() {
    assert_eq!(mutable(1, "hi".into(), (2, 3)).await.unwrap(), "hi! 2 5");
    assert_eq!(mutable_sync(1, "hi".into()).unwrap(), "hi! 2");
    assert_eq!(at_once(|| mutable_copy(0)), Ok(3));
}

#[tokio::test(start_paused = true)]
async fn arguments_may_be_left_alone_or_have_the_names_of_keywords_and_of_our_own_variables() {
    assert_eq!(unused(1, String::new(), &Flaky::default()).await, Ok(2));
    assert_eq!(at_once(|| raw("a", 1, &Flaky::default())).unwrap(), "a 1");
    assert_eq!(at_once(|| same_words_as_ours(1, 2, 3, 4, 5, &Flaky::default())), Ok(17));
}

#[tokio::test(start_paused = true)]
async fn arguments_may_be_of_any_type_with_a_trait() {
    let answer = implied(String::from("a"), &mut (1..9), &2.5, "b".into()).await;
    assert_eq!(answer.unwrap(), "a 3 2.5 b");
}
