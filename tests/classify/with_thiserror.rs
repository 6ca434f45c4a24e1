use std::{io, time::Duration};

use mainstay::{Class, Classify, Error};

#[derive(Debug, thiserror::Error, Classify)]
enum PayError {
    #[error("declined: {0}")]
    #[permanent]
    Declined(String),
    #[error("busy, come back in {after:?}")]
    #[throttled(retry_after = after)]
    Busy { after: Duration },
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error("ledger")]
    #[ignored]
    Ledger {
        #[source]
        source: io::Error,
    },
    #[error(transparent)]
    Policy(#[from] Error),
}

#[test]
fn both_derives_stand_side_by_side() {
    let second = Duration::from_secs(1);
    assert_eq!(PayError::Declined("funds".into()).classify(), Class::Permanent);
    assert_eq!(PayError::Busy { after: second }.classify(), Class::Throttled { retry_after: Some(second) });
    assert_eq!(PayError::from(io::Error::other("x")).classify(), Class::Transient);
    assert_eq!(PayError::Ledger { source: io::Error::other("x") }.classify(), Class::Ignored);
    assert_eq!(PayError::from(Error::circuit_open("x", None)).classify(), Class::Ignored);
    assert_eq!(PayError::from(Error::timed_out("x", second)).classify(), Class::Transient);
}
