//! What is sent again, and what is not.

use std::time::Duration;

use crate::{
    collector::{Collector, Reply, Speaks},
    support::{LONG, WAYS, alone, config, counted, set_up, spans},
};

#[test]
fn a_collector_that_is_busy_gets_the_same_again() {
    let _alone = alone();
    for speaks in WAYS {
        for busy in [Reply::Busy(None), Reply::Busy(Some(Duration::from_secs(1)))] {
            let collector = Collector::script(*speaks, &[busy, busy]);
            // A long time for the batch, but short waits between its requests.
            let tracing = set_up(&config(&collector).export_timeout(Duration::from_secs(60)));
            spans(3);
            assert_eq!(tracing.shutdown(LONG), counted(3, 0, 0));
            let received = collector.received();
            let replies: Vec<_> = received.iter().map(|received| received.reply).collect();
            assert_eq!(replies, [busy, busy, Reply::Take]);
            assert!(received.iter().all(|again| again.body == received[0].body));
        }
    }
}

#[test]
fn a_wait_beyond_the_time_of_the_batch_is_not_waited() {
    let _alone = alone();
    for speaks in WAYS {
        let never = Duration::from_secs(1_000_000);
        let collector = Collector::always(*speaks, Reply::Busy(Some(never)));
        let tracing = set_up(&config(&collector));
        spans(3);
        assert_eq!(tracing.shutdown(LONG), counted(0, 3, 0));
        assert_eq!(collector.received().len(), 1);
    }
}

#[test]
fn what_will_not_get_better_is_not_sent_again() {
    let _alone = alone();
    for speaks in WAYS {
        for reply in [Reply::Refuse, Reply::Full] {
            let collector = Collector::script(*speaks, &[reply]);
            let tracing = set_up(&config(&collector));
            spans(3);
            assert!(tracing.flush(LONG));
            assert_eq!(tracing.counts(), counted(0, 3, 0));
            // The next batch is another one.
            spans(2);
            assert_eq!(tracing.shutdown(LONG), counted(2, 3, 0));
            assert_eq!(collector.received().len(), 2);
        }
    }
}

#[test]
fn spans_that_the_collector_does_not_want_are_counted_and_not_sent_again() {
    let _alone = alone();
    for speaks in WAYS {
        let collector = Collector::script(*speaks, &[Reply::TakeBut(2), Reply::TakeBut(9)]);
        let tracing = set_up(&config(&collector));
        spans(5);
        assert!(tracing.flush(LONG));
        assert_eq!(tracing.counts(), counted(3, 2, 2));
        // It cannot refuse more than it was sent.
        spans(4);
        assert_eq!(tracing.shutdown(LONG), counted(3, 6, 6));
        assert_eq!(collector.received().len(), 2);
    }
}

#[test]
fn an_address_that_is_no_collector_is_told_so() {
    let _alone = alone();
    let collector = Collector::new(Speaks::Http);
    let tracing = set_up(&config(&collector).traces_endpoint(format!("{}/nowhere", collector.url())));
    spans(1);
    assert_eq!(tracing.shutdown(LONG), counted(0, 1, 0));
    assert!(collector.received().is_empty());
}
