//! Many threads and few keys.

use std::{
    sync::atomic::{AtomicU32, Ordering},
    thread,
};

use super::super::Idempotency;
use crate::Error;

const KEYS: usize = 5;

/// For each key how often its body has run, a round after another.
fn runs() -> [AtomicU32; KEYS] {
    [const { AtomicU32::new(0) }; KEYS]
}

#[test]
fn of_threads_that_call_at_once_one_runs_and_all_get_its_answer() {
    let policy = Idempotency::builder().build("threads").unwrap();
    let rounds = crate::histories::steps(20_000) / 4 / KEYS as u64;
    let bodies = AtomicU32::new(0);
    let call = |round: u64, runs: &[AtomicU32; KEYS]| -> Vec<Result<u32, Error>> {
        let answer = |key: usize| {
            policy.call((round, key), || {
                // Some come while it runs, and wait.
                thread::yield_now();
                runs[key].fetch_add(1, Ordering::Relaxed);
                Ok(bodies.fetch_add(1, Ordering::Relaxed))
            })
        };
        (0..KEYS).map(answer).collect()
    };
    for round in 0..rounds {
        let runs = runs();
        let answers = thread::scope(|scope| {
            let threads = [(); 4].map(|()| scope.spawn(|| call(round, &runs)));
            threads.map(|thread| thread.join().unwrap())
        });
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
        assert!(runs.iter().all(|runs| runs.load(Ordering::Relaxed) == 1));
    }
    assert_eq!((policy.run_count(), policy.replayed_count()), (rounds * 5, rounds * 15));
}

#[test]
fn where_some_fail_the_next_one_runs_until_one_has_succeeded() {
    let policy = Idempotency::builder().build("threads").unwrap();
    let rounds = crate::histories::steps(4_000) / 4;
    for round in 0..rounds {
        let (runs, successes) = (AtomicU32::new(0), AtomicU32::new(0));
        let call = || {
            policy.call(round, || {
                thread::yield_now();
                let run = runs.fetch_add(1, Ordering::Relaxed);
                if run < 2 {
                    return Err(Error::timed_out("test", std::time::Duration::ZERO));
                }
                successes.fetch_add(1, Ordering::Relaxed);
                Ok(run)
            })
        };
        let answers = thread::scope(|scope| {
            let threads = [(); 4].map(|()| scope.spawn(call));
            threads.map(|thread| thread.join().unwrap())
        });
        assert_eq!(answers.iter().filter(|answer| answer.is_err()).count(), 2);
        assert!(answers.iter().flatten().all(|run| *run == 2));
        assert_eq!((runs.into_inner(), successes.into_inner()), (3, 1));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_tasks_on_four_threads_one_runs_and_all_get_its_answer() {
    static POLICY: std::sync::LazyLock<Idempotency> =
        std::sync::LazyLock::new(|| Idempotency::builder().build("tasks").unwrap());
    static RUNS: AtomicU32 = AtomicU32::new(0);
    for round in 0..crate::histories::steps(8_000) as u32 / 8 {
        let tasks: Vec<_> = (0..8)
            .map(|_| {
                tokio::spawn(POLICY.call_async(round, || async {
                    tokio::task::yield_now().await;
                    Ok::<_, Error>(RUNS.fetch_add(1, Ordering::Relaxed))
                }))
            })
            .collect();
        for task in tasks {
            assert_eq!(task.await.unwrap(), Ok(round));
        }
    }
}
