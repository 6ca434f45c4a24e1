//! Rarer kinds: visibility, other calling conventions, function pointers, crate-wide and test-only functions.

use mainstay::{bulkhead, retry};

use crate::support::*;

#[repr(transparent)]
pub(crate) struct Wrapper(u32);

impl std::ops::Deref for Wrapper {
    type Target = u32;
    fn deref(&self) -> &u32 {
        &self.0
    }
}

#[retry]
#[allow(improper_ctypes_definitions, reason = "it is called from here only")]
extern "C" fn other_convention(flaky: &Flaky) -> Answer {
    flaky.until(3)
}

#[retry]
pub(in crate::unusual) fn restricted(flaky: &Flaky) -> Answer {
    flaky.until(3)
}

#[bulkhead(3)]
pub(crate) async fn visible(wrapper: Wrapper) -> Answer {
    Ok(*wrapper)
}

#[test]
fn another_calling_convention_stays() {
    let pointer: extern "C" fn(&Flaky) -> Answer = other_convention;
    assert_eq!(at_once(|| pointer(&Flaky::default())), Ok(3));
}

#[tokio::test]
async fn visibility_stays() {
    assert_eq!(at_once(|| restricted(&Flaky::default())), Ok(3));
    assert_eq!(visible(Wrapper(4)).await, Ok(4));
}

#[test]
fn an_annotated_function_is_still_a_function_that_can_be_pointed_to() {
    let pointer: for<'a> fn(&'a Flaky) -> Answer = restricted;
    assert_eq!(at_once(|| pointer(&Flaky::default())), Ok(3));
    let calls: Vec<Answer> =
        at_once(|| [&Flaky::default(), &Flaky::default()].into_iter().map(restricted).collect());
    assert_eq!(calls, [Ok(3), Ok(3)]);
}
