//! Real threads.

use std::sync::{
    Barrier,
    atomic::{AtomicU64, Ordering},
};

use mainstay::{Error, cache_evict, cached};

use crate::support::{Runs, cache};

#[test]
fn threads_that_ask_at_once_load_once() {
    static RUNS: Runs = Runs::new();
    #[cached("threads.once", ttl = "1h")]
    fn get(key: &str) -> Result<u32, Error> {
        let run = RUNS.next();
        while cache("threads.once").misses() < 8 && run == 1 {
            std::thread::yield_now();
        }
        let _ = key;
        Ok(run)
    }
    let barrier = Barrier::new(8);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                barrier.wait();
                assert_eq!(get("k"), Ok(1));
            });
        }
    });
    assert_eq!(RUNS.count(), 1);
}

#[test]
fn who_reads_after_a_write_never_gets_what_was_before() {
    static TABLE: [AtomicU64; 4] = [const { AtomicU64::new(0) }; 4];
    #[cached("threads.table", ttl = "1h")]
    fn read(row: usize) -> Result<u64, Error> {
        Ok(TABLE[row].load(Ordering::SeqCst))
    }
    #[cache_evict("threads.table", key = row)]
    fn write(row: usize) -> Result<u64, Error> {
        Ok(TABLE[row].fetch_add(1, Ordering::SeqCst) + 1)
    }
    std::thread::scope(|scope| {
        for row in 0..TABLE.len() {
            scope.spawn(move || {
                for _ in 0..2000 {
                    let written = write(row).unwrap();
                    // This thread alone writes this row.
                    assert_eq!(read(row), Ok(written));
                }
            });
            scope.spawn(move || {
                let mut last = 0;
                for _ in 0..4000 {
                    let seen = read(row).unwrap();
                    assert!(seen >= last, "{seen} after {last}");
                    last = seen;
                }
            });
        }
    });
}
