//! Random histories of a policy, for the tests that compare it with a plain model.

use std::env;

/// How many steps to take: `usual`, unless `MAINSTAY_STEPS` says so.
pub(crate) fn steps(usual: u64) -> u64 {
    number("MAINSTAY_STEPS").unwrap_or(usual)
}

/// Runs `history` for one seed after another, from `MAINSTAY_SEED` or 0, until all have made enough steps together. It
/// says how many steps it made. The seed of a history that panics is printed.
pub(crate) fn run(usual: u64, mut history: impl FnMut(u64) -> u64) {
    let (first, steps) = (number("MAINSTAY_SEED").unwrap_or(0), steps(usual));
    let mut made = 0;
    for seed in first.. {
        if made >= steps {
            break;
        }
        let at_fault = AtFault(seed);
        made += history(seed);
        std::mem::forget(at_fault);
    }
}

fn number(name: &str) -> Option<u64> {
    let value = env::var(name).ok()?;
    Some(
        value
            .parse()
            .unwrap_or_else(|_| panic!("{name} is `{value}`: write a whole number, such as 3000000")),
    )
}

/// Dropped by a panic only.
struct AtFault(u64);

impl Drop for AtFault {
    fn drop(&mut self) {
        eprintln!("again with MAINSTAY_SEED={} MAINSTAY_STEPS=1", self.0);
    }
}
