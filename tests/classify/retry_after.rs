use std::time::Duration;

use mainstay::{Class, Classify};

const SECOND: Duration = Duration::from_secs(1);

#[derive(Classify)]
enum Busy {
    #[throttled(retry_after = after)]
    Field {
        #[allow(dead_code)]
        code: u16,
        after: Duration,
    },
    #[throttled(retry_after = 1)]
    Index(#[allow(dead_code)] u16, Duration),
    #[throttled(retry_after = 0)]
    Maybe(Option<Duration>),
    #[throttled]
    Unsaid(#[allow(dead_code)] Duration),
}

fn hint(error: &Busy) -> Option<Duration> {
    let Class::Throttled { retry_after } = error.classify() else { unreachable!("it is throttled") };
    retry_after
}

#[test]
fn it_is_a_field_by_name() {
    assert_eq!(hint(&Busy::Field { code: 429, after: SECOND }), Some(SECOND));
}

#[test]
fn it_is_a_field_by_number() {
    assert_eq!(hint(&Busy::Index(429, SECOND)), Some(SECOND));
}

#[test]
fn it_may_be_an_option() {
    assert_eq!(hint(&Busy::Maybe(Some(SECOND))), Some(SECOND));
    assert_eq!(hint(&Busy::Maybe(None)), None);
}

#[test]
fn without_it_no_wait_is_asked_for() {
    assert_eq!(hint(&Busy::Unsaid(SECOND)), None);
}
