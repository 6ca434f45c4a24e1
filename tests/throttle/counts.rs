//! What a call counts as.

use mainstay::{Error, bulkhead, throttle, timeout};

use crate::support::{Answer, Failure, of};

fn counted(name: &str) -> (u64, u64) {
    (of(name).accepted_count(), of(name).rejected_count())
}

#[test]
fn an_error_says_by_its_class_what_the_server_made_of_it() {
    #[throttle("counts.class")]
    fn call(answer: Answer) -> Answer {
        answer
    }
    let _ = call(Ok(1));
    let _ = call(Err(Failure::Declined));
    assert_eq!(counted("counts.class"), (2, 0));
    let _ = call(Err(Failure::Busy));
    assert_eq!(counted("counts.class"), (2, 1));
    let _ = call(Err(Failure::Down));
    let _ = call(Err(Failure::Policy(Error::circuit_open("below", None))));
    assert_eq!(counted("counts.class"), (2, 1));
}

#[test]
fn options_that_name_the_errors_take_the_place_of_the_class() {
    #[throttle("counts.on", reject_on(Failure::Down), ignore_on(Failure::Declined))]
    fn on(answer: Answer) -> Answer {
        answer
    }
    #[throttle("counts.if", reject_if = |error| *error == Failure::Down, ignore_on(Failure::Declined))]
    fn asked(answer: Answer) -> Answer {
        answer
    }
    for call in [on, asked] {
        for answer in [Ok(1), Err(Failure::Down), Err(Failure::Busy), Err(Failure::Declined)] {
            let _ = call(answer);
        }
    }
    assert_eq!((counted("counts.on"), counted("counts.if")), ((2, 1), (2, 1)));
}

#[tokio::test(start_paused = true)]
async fn a_time_out_is_a_rejection_and_a_refusal_further_in_never_reached_the_server() {
    #[throttle("counts.timeout")]
    #[timeout("10ms")]
    async fn slow() -> Answer {
        std::future::pending().await
    }
    slow().await.unwrap_err();
    assert_eq!(counted("counts.timeout"), (0, 1));

    #[timeout("10ms")]
    #[throttle("counts.outer")]
    async fn cut_off() -> Answer {
        std::future::pending().await
    }
    cut_off().await.unwrap_err();
    assert_eq!(counted("counts.outer"), (0, 1));

    #[throttle("counts.full")]
    #[bulkhead("counts.places", 1)]
    fn full(inside: &dyn Fn()) -> Answer {
        inside();
        Ok(1)
    }
    full(&|| assert!(full(&|| ()).is_err())).unwrap();
    assert_eq!(counted("counts.full"), (1, 0));
}
