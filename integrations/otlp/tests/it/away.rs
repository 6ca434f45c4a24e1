//! Collectors that hang, die and come back: what is lost is counted, and no call waits.

use std::time::Duration;

use crate::{
    collector::{Collector, Reply},
    support::{LONG, WAYS, alone, config, counted, set_up, spans},
};

const QUEUE: usize = 64;

#[test]
fn while_the_collector_hangs_calls_go_on_and_what_has_no_room_is_counted() {
    let _alone = alone();
    for speaks in WAYS {
        let collector = Collector::always(*speaks, Reply::Hang);
        let tracing = set_up(
            &config(&collector).queue_size(QUEUE).batch_size(8).request_timeout(LONG).export_timeout(LONG),
        );
        spans(8);
        // The exporter is stuck with the first batch; nothing is taken out of the queue from now on.
        collector.wait_for(1);
        spans(10 * QUEUE);
        let counts = tracing.counts();
        assert_eq!(counts.exported, 0);
        assert!(counts.dropped >= (9 * QUEUE) as u64, "{counts:?}");
        // There is no waiting for it either: whoever goes says when.
        let report = tracing.shutdown(Duration::from_millis(1));
        assert_eq!(report, counted(0, (8 + 10 * QUEUE) as u64, 0));
        assert_eq!(collector.received().len(), 1);
        drop(collector);
    }
}

#[test]
fn a_collector_killed_in_mid_flight_loses_a_counted_number() {
    let _alone = alone();
    for speaks in WAYS {
        let mut collector = Collector::new(*speaks);
        let tracing = set_up(&config(&collector).export_timeout(Duration::from_millis(300)));
        spans(5);
        assert!(tracing.flush(LONG));
        collector.reply_always(Reply::Hang);
        let before = collector.received().len();
        spans(3);
        let flushed = std::thread::scope(|scope| {
            let flushing = scope.spawn(|| tracing.flush(LONG));
            // On a machine that stands still for a while the batch is given up before it is sent.
            while collector.received().len() == before && !flushing.is_finished() {
                std::thread::yield_now();
            }
            collector.kill();
            flushing.join().unwrap()
        });
        assert!(flushed);
        // Nobody is there.
        spans(2);
        assert!(tracing.flush(LONG));
        let counts = tracing.counts();
        assert!(counts.dropped >= 5 && counts.exported + counts.dropped == 10, "{counts:?}");
        // It comes back, and sooner or later so do the spans.
        collector.reply_always(Reply::Take);
        collector.start();
        let mut made = 10;
        while tracing.counts().exported == counts.exported {
            spans(1);
            made += 1;
            assert!(tracing.flush(LONG));
        }
        let report = tracing.shutdown(LONG);
        assert_eq!(report.exported + report.dropped, made);
        // What it took but could not say so in time counts as dropped.
        assert!(collector.spans().len() as u64 >= report.exported);
    }
}

#[test]
fn a_collector_that_comes_back_in_time_loses_nothing() {
    let _alone = alone();
    for speaks in WAYS {
        let mut collector = Collector::always(*speaks, Reply::Hang);
        let tracing = set_up(&config(&collector).request_timeout(LONG).export_timeout(LONG));
        spans(3);
        let flushed = std::thread::scope(|scope| {
            let flushing = scope.spawn(|| tracing.flush(LONG));
            collector.wait_for(1);
            collector.kill();
            collector.reply_always(Reply::Take);
            collector.start();
            flushing.join().unwrap()
        });
        assert!(flushed);
        assert_eq!(tracing.shutdown(LONG), counted(3, 0, 0));
        assert_eq!(collector.received().len(), 2);
    }
}

#[test]
fn a_collector_restarted_between_batches_loses_nothing() {
    let _alone = alone();
    for speaks in WAYS {
        let mut collector = Collector::new(*speaks);
        let tracing = set_up(&config(&collector).export_timeout(LONG));
        for round in 1..=3 {
            spans(2);
            assert!(tracing.flush(LONG));
            assert_eq!(tracing.counts(), counted(2 * round, 0, 0));
            // The connection that was kept is gone.
            collector.kill();
            collector.start();
        }
        assert_eq!(tracing.shutdown(LONG), counted(6, 0, 0));
    }
}

#[test]
fn a_collector_that_does_not_answer_in_time_is_asked_again() {
    let _alone = alone();
    for speaks in WAYS {
        let collector = Collector::script(*speaks, &[Reply::Hang]);
        let tracing =
            set_up(&config(&collector).request_timeout(Duration::from_millis(200)).export_timeout(LONG));
        spans(3);
        assert_eq!(tracing.shutdown(LONG).dropped, 0);
        assert!(collector.received().len() >= 2);
    }
}
