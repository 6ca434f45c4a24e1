//! A name made from module path and function is never shared, even where two functions have the same path.

use mainstay::{Error, circuit_breaker, policies, retry, timeout};

use crate::support::{Answer, down, undisturbed};

struct One;
struct Other;

impl One {
    #[circuit_breaker(failure_threshold = 1)]
    fn charge(&self) -> Answer {
        down()
    }
}

const ABOVE: u32 = line!();
impl Other {
    #[circuit_breaker(failure_threshold = 2)]
    fn charge(&self) -> Answer {
        down()
    }
}

fn is_open(answer: &Answer) -> bool {
    matches!(answer, Err(Error::CircuitOpen { .. }))
}

#[tokio::test]
async fn methods_of_equal_names_have_a_breaker_each() {
    let _undisturbed = undisturbed().await;
    One.charge().unwrap_err();
    assert!(is_open(&One.charge()));
    assert_eq!(Other.charge(), down());
    assert_eq!(Other.charge(), down());
    assert!(is_open(&Other.charge()));
}

#[test]
fn both_are_found_the_second_by_its_line_and_that_is_no_conflict() {
    let name = "names::defaults::charge";
    let first = policies().circuit_breaker(name).unwrap();
    let second = policies().circuit_breaker(&format!("{name}@{}", ABOVE + 2)).unwrap();
    assert!(!std::ptr::eq(first, second));
    assert!(!policies().conflicts().iter().any(|conflict| conflict.name == name));
}

#[timeout("10s")]
#[retry(max_attempts = 2)]
#[timeout("1s")]
async fn limited_twice() -> Result<(), Error> {
    std::future::pending().await
}

#[tokio::test(start_paused = true)]
async fn the_second_of_a_kind_on_one_function_has_a_number() {
    let error = limited_twice().await.unwrap_err();
    assert_eq!(error.policy(), "names::defaults::limited_twice#2");
    let outer = policies().timeout("names::defaults::limited_twice").unwrap();
    assert_eq!(outer.limit(), std::time::Duration::from_secs(10));
}
