#![deny(warnings)]

use mainstay::{Class, Classify};
use std::time::Duration;

#[derive(Classify)]
#[permanent]
enum Fault {
    Wrong,
    #[transient]
    Busy(#[allow(dead_code)] String),
    #[throttled(retry_after = 0)]
    Full(Duration),
    #[throttled]
    Late {
        _by: Option<Duration>,
    },
}

#[derive(Classify)]
#[throttled(retry_after = wait)]
struct Throttled<T> {
    wait: Option<Duration>,
    _more: T,
}

#[derive(Classify)]
enum Never {}

fn main() {
    assert!(matches!(Fault::Wrong.classify(), Class::Permanent));
    assert!(matches!(Fault::Busy(String::new()).classify(), Class::Transient));
    assert!(matches!(Fault::Full(Duration::ZERO).classify(), Class::Throttled { retry_after: Some(_) }));
    assert!(matches!(Fault::Late { _by: None }.classify(), Class::Throttled { retry_after: None }));
    assert!(matches!(Throttled { wait: None, _more: 5 }.classify(), Class::Throttled { .. }));
    let _ = |never: Never| never.classify();
}
