use std::time::Duration;

use mainstay::{Class, Classify};

use crate::THROTTLED;

#[derive(Classify)]
#[permanent]
enum PayError {
    Declined,
    Inner(#[allow(dead_code)] mainstay::Error),
    #[transient]
    Unreachable,
    #[throttled]
    Busy,
}

#[test]
fn a_mark_on_the_type_holds_for_the_variants_without_one() {
    assert_eq!(PayError::Declined.classify(), Class::Permanent);
    assert_eq!(PayError::Unreachable.classify(), Class::Transient);
    assert_eq!(PayError::Busy.classify(), THROTTLED);
}

#[test]
fn it_holds_for_variants_of_one_field_as_well() {
    let late = mainstay::Error::timed_out("x", Duration::ZERO);
    assert_eq!(PayError::Inner(late).classify(), Class::Permanent);
}

#[test]
fn it_may_name_a_field_that_all_of_those_have() {
    #[derive(Classify)]
    #[throttled(retry_after = after)]
    enum Limited {
        Minute { after: Duration },
        Day { after: Option<Duration> },
    }
    let second = Duration::from_secs(1);
    let throttled = |retry_after| Class::Throttled { retry_after };
    assert_eq!(Limited::Minute { after: second }.classify(), throttled(Some(second)));
    assert_eq!(Limited::Day { after: None }.classify(), throttled(None));
}
