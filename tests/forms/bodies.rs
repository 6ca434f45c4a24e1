//! What a body may do: return early, `?`, loops with labels, macros, unsafe-free oddities.

use mainstay::{bulkhead, circuit_breaker, fallback, retry, timeout};

use crate::support::*;

#[retry]
#[timeout("1s")]
async fn returns_early(n: u32) -> Answer {
    if n == 0 {
        return Ok(0);
    }
    tokio::task::yield_now().await;
    match n {
        1 => return Err(Failure::Declined),
        _ => {}
    }
    Ok(n)
}

#[bulkhead(5)]
fn returns_early_sync(n: u32) -> Answer {
    for step in 0.. {
        if step == n {
            return Ok(step);
        }
    }
    Ok(100)
}

#[retry]
async fn questions(text: &str, flaky: &Flaky) -> Answer {
    flaky.until(2)?;
    let number: u32 = text.trim().parse()?;
    Ok(number)
}

#[retry]
fn questions_sync(text: &str, flaky: &Flaky) -> Answer {
    flaky.until(2)?;
    Ok(text.trim().parse::<u32>()?)
}

/// A label of ours must not be hit by a `break` of theirs.
#[circuit_breaker]
#[bulkhead(5)]
#[retry]
async fn labels(limit: u32) -> Answer {
    let found = 'search: loop {
        for x in 0.. {
            if x == limit {
                break 'search x;
            }
            if x > 100 {
                continue 'search;
            }
        }
    };
    let block = 'block: {
        if found > 2 {
            break 'block 1;
        }
        0
    };
    while let Some(_) = None::<u32> {
        break;
    }
    Ok(found * 10 + block)
}

#[fallback(|_| Ok(9))]
#[retry]
fn diverges(flaky: &Flaky) -> Answer {
    loop {
        if flaky.until(5).is_ok() {
            return Err(Failure::Declined);
        }
    }
}

#[fallback(|_| Ok(1))]
async fn only_returns() -> Answer {
    return Err(Failure::Reset);
}

#[timeout("1s")]
async fn with_items_and_macros(n: u32) -> Answer<String> {
    struct Local(u32);
    const TWO: u32 = 2;
    macro_rules! twice {
        ($e:expr) => {
            $e * TWO
        };
    }
    fn helper(local: &Local) -> String {
        format!("Local({})", local.0)
    }
    Ok(helper(&Local(twice!(n))))
}

#[timeout("1s")]
async fn with_closures(n: u32) -> Answer {
    let add = |x: u32| -> u32 { return x + n };
    let later = async |x: u32| -> Answer {
        if x == 0 {
            return Err(Failure::Reset);
        }
        Ok(add(x))
    };
    let _ = later(0).await;
    let block = async { Ok::<_, Failure>(later(1).await? + later(2).await?) };
    block.await
}

#[retry]
async fn never_succeeds(flaky: &Flaky) -> Answer<std::convert::Infallible> {
    Err(flaky.until(u32::MAX).unwrap_err())
}

#[retry]
async fn unit(flaky: &Flaky) -> Answer<()> {
    flaky.until(2)?;
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn it_may_return_early() {
    assert_eq!(returns_early(0).await, Ok(0));
    assert_eq!(returns_early(1).await, Err(Failure::Declined));
    assert_eq!(returns_early(5).await, Ok(5));
    assert_eq!(returns_early_sync(3), Ok(3));
    assert_eq!(only_returns().await, Ok(1));
}

#[tokio::test(start_paused = true)]
async fn it_may_use_the_question_mark_with_conversion() {
    assert_eq!(questions(" 5 ", &Flaky::default()).await, Ok(5));
    assert!(matches!(questions("x", &Flaky::default()).await, Err(Failure::Parse(_))));
    assert_eq!(at_once(|| questions_sync("5", &Flaky::default())), Ok(5));
}

#[tokio::test(start_paused = true)]
async fn it_may_have_labels_and_loops_of_its_own() {
    assert_eq!(labels(4).await, Ok(41));
    assert_eq!(labels(0).await, Ok(0));
    assert_eq!(at_once(|| diverges(&Flaky::default())), Ok(9));
}

#[tokio::test(start_paused = true)]
async fn it_may_hold_items_macros_and_closures_that_return() {
    assert_eq!(with_items_and_macros(4).await.unwrap(), "Local(8)");
    assert_eq!(with_closures(10).await, Ok(23));
}

#[tokio::test(start_paused = true)]
async fn it_may_give_nothing_or_never_give_anything() {
    assert_eq!(unit(&Flaky::default()).await, Ok(()));
    let flaky = Flaky::default();
    assert!(never_succeeds(&flaky).await.is_err());
    assert_eq!(flaky.asked(), 3);
}
