//! The window beside a list of everything that happened, and the formula beside the book's.

use super::*;
use crate::{
    clock::Instant,
    histories,
    throttle::window::{Tally, Window},
};

/// Counts come and time passes, now and then for long; the window holds what came in its last twenty steps.
fn history(seed: u64) -> u64 {
    let mut random = fastrand::Rng::with_seed(seed);
    let config = ThrottleConfig::new().window(Duration::from_secs(random.u64(1..300)));
    let mut window = Window::new(&config);
    let step = window.step();
    let mut now = Instant::from_nanos(random.u64(..1_000_000_000_000));
    let mut totals = Tally::default();
    window.turn(now, totals);
    let (start, mut events) = (now, Vec::<(u64, Tally)>::new());
    let steps = 500;
    for _ in 0..steps {
        if random.u32(..3) == 0 {
            let longest = if random.u32(..10) == 0 { 30 * step } else { step / 2 };
            now = now + Duration::from_nanos(random.u64(..=longest));
        }
        window.turn(now, totals);
        if window.began() < start || window.tally(totals) == Tally::default() {
            events.clear();
        }
        let one = [
            Tally { accepted: 1, ..Tally::default() },
            Tally { rejected: 1, ..Tally::default() },
            Tally { refused: 1, ..Tally::default() },
        ][random.usize(..3)];
        totals.accepted += one.accepted;
        totals.rejected += one.rejected;
        totals.refused += one.refused;
        events.push((window.began().as_nanos(), one));
        // A step is known by when it began.
        let oldest = window.began().as_nanos().saturating_sub(19 * step);
        let mut plain = Tally::default();
        for (_, one) in events.iter().filter(|(began, _)| *began >= oldest) {
            plain.accepted += one.accepted;
            plain.rejected += one.rejected;
            plain.refused += one.refused;
        }
        assert_eq!(window.tally(totals), plain);
    }
    steps
}

#[test]
fn random_histories_agree_with_a_list() {
    histories::run(200_000, history);
}

#[test]
fn the_rate_is_the_books_within_its_bounds() {
    let mut random = fastrand::Rng::with_seed(5);
    for _ in 0..10_000 {
        let config =
            ThrottleConfig::new().k(1.0 + random.f64() * 3.0).max_rejection_rate(0.1 + random.f64() * 0.9);
        let mut tally = Tally::default();
        (tally.accepted, tally.rejected, tally.refused) =
            (random.u64(..500), random.u64(..500), random.u64(..500));
        let (accepts, requests) =
            (tally.accepted as f64, (tally.accepted + tally.rejected + tally.refused) as f64);
        let book = ((requests - config.k * accepts) / (requests + 1.0)).max(0.0);
        let expected = if requests < 10.0 { 0.0 } else { book.min(config.max_rejection_rate) };
        assert_eq!(tally.rejection_rate(&config), expected);
    }
}
