use std::{sync::LazyLock, time::Duration};

use mainstay_runtime::{Error, clock::ManualClock, rate_limit::Rate};
use mainstay_testkit::servers::RedisServer;
use redis::Script;

use super::*;

#[test]
fn a_token_is_a_period_of_units() {
    let config = RateLimitConfig::new(Rate::per_hour(7));
    assert_eq!(units(PARTS, &config), 3_600_000_000.0);
    assert_eq!(units(PARTS / 2, &config), 1_800_000_000.0);
}

#[test]
fn tokens_are_cut_after_the_sixth_digit_and_what_none_holds_is_none() {
    assert_eq!(parts(1.0), Some(1_000_000));
    assert_eq!(parts(0.1), Some(100_000));
    assert_eq!(parts(1.0 / 6.0), Some(166_666));
    assert_eq!(parts(1e-9), Some(1));
    for none in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e12] {
        assert_eq!(parts(none), None);
    }
}

/// The script as it stands, but told the time and forgetting nothing.
fn told_the_time(text: &str) -> Script {
    let (clock, memory) = ("redis.call('TIME')", "+ ARGV[5]");
    assert!(text.contains(clock) && text.contains(memory));
    Script::new(&text.replace(clock, "{ARGV[6], ARGV[7]}").replace(memory, "+ 86400000"))
}

static BUCKET: LazyLock<Script> =
    LazyLock::new(|| told_the_time(include_str!("../scripts/token_bucket.lua")));
static WINDOW: LazyLock<Script> = LazyLock::new(|| told_the_time(include_str!("../scripts/window.lua")));

/// A few bits of chance, the same at each run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }
}

const SECOND: u64 = 1_000_000;
/// Requests per limit.
const STEPS: u32 = 60;

fn random_config(chance: &mut Chance, nth: u64) -> RateLimitConfig {
    let amounts = [1, 2, 3, 7, 10, 60, 100, 1000, 999_983];
    let periods = [SECOND, 60 * SECOND, 3600 * SECOND, 777 * SECOND / 1000, 24 * 3600 * SECOND];
    let amount = amounts[chance.below(9) as usize];
    let config =
        RateLimitConfig::new(Rate::new(amount, Duration::from_micros(periods[chance.below(5) as usize])));
    match nth % 3 {
        0 => {
            let burst = 1 + chance.below(2 * u64::from(amount)) as u32;
            config.burst(burst).initial(chance.below(u64::from(burst) + 1) as u32)
        }
        1 => config.algorithm(Algorithm::SlidingWindow),
        _ => config.algorithm(Algorithm::FixedWindow),
    }
}

/// Both answers to one request: whether, how many are left, how long until.
struct Answers {
    there: (bool, f64, i64),
    here: Result<(), Error>,
    left_here: f64,
}

#[test]
fn every_answer_is_the_one_that_a_limit_in_this_process_gives_at_that_time() {
    let server = RedisServer::start().unwrap();
    let client = redis::Client::open(server.url()).unwrap();
    // This one waits for as long as it takes.
    let mut connection = client.get_connection().unwrap();
    let clock = ManualClock::new();
    let _followed = clock.install();
    let (mut chance, mut refused) = (Chance(0x9E37_79B9_7F4A_7C15), 0);
    for nth in 0..120 {
        let config = random_config(&mut chance, nth);
        let limiter = config.build(format!("parity-{nth}")).unwrap();
        let mut now = 1_790_000_000 * SECOND + chance.below(SECOND);
        let period = u64::try_from(config.rate().per().as_micros()).unwrap();
        let most = u64::from(config.burst_tokens().max(config.rate().amount()));
        let mut again = None;
        for step in 0..STEPS {
            let any = match chance.below(5) {
                0 => 0.5 + chance.below(most) as f64,
                1 => 1.0 + chance.below(most) as f64,
                2 => 1.0 + most as f64,
                3 => (1 + chance.below(7 * most)) as f64 / 7.0,
                _ => 1.0,
            };
            let (tokens, expected) =
                again.take().map_or((any, None), |(tokens, allowed)| (tokens, Some(allowed)));
            let script = if nth % 3 == 0 { &BUCKET } else { &WINDOW };
            let mut script = asked(script, &format!("k{nth}"), &config, tokens);
            script.arg(now / SECOND).arg(now % SECOND);
            let (allowed, left, retry, _reset): (bool, f64, i64, i64) =
                script.invoke(&mut connection).unwrap();
            let here = limiter.try_acquire(tokens);
            let there = (allowed, left / one_token(&config), retry);
            let answers = Answers { there, here, left_here: limiter.available_tokens() };
            refused += u32::from(!allowed);
            let when = format!("{config}, step {step}: {tokens} tokens at {now}");
            agree(&answers, &config, &when);
            assert!(
                expected.is_none_or(|expected| expected == allowed),
                "{when}: not when it was said, but {there:?}"
            );
            // Asked again when it was said, or a microsecond before; or anything at any time.
            let passed = match (chance.below(3), u64::try_from(retry)) {
                (0, Ok(retry @ 1..)) => {
                    again = Some((tokens, true));
                    retry
                }
                (1, Ok(retry @ 1..)) => {
                    again = Some((tokens, false));
                    retry - 1
                }
                (2, _) => chance.below(period / 3 + 1),
                _ => chance.below(3 * period) * chance.below(2),
            };
            now += passed;
            clock.advance(Duration::from_micros(passed));
        }
    }
    assert!(refused > 1000, "{refused} were refused");
}

#[test]
fn windows_are_exact_where_products_outgrow_the_server_s_numbers() {
    const DAY: u64 = 24 * 3600 * SECOND;
    let server = RedisServer::start().unwrap();
    let client = redis::Client::open(server.url()).unwrap();
    // This one waits for as long as it takes.
    let mut connection = client.get_connection().unwrap();
    for half in (55_003..75_003).step_by(200) {
        let rate = Rate::new(2 * half, Duration::from_micros(DAY));
        let config = RateLimitConfig::new(rate).algorithm(Algorithm::SlidingWindow);
        let mut take = |tokens: u32, now: u64| {
            let mut script = asked(&WINDOW, &format!("k{half}"), &config, f64::from(tokens));
            script.arg(now / SECOND).arg(now % SECOND);
            script.invoke::<(bool, f64, u64, u64)>(&mut connection).unwrap()
        };
        let start = 1_790_000_000 * SECOND;
        assert!(take(2 * half, start).0, "a whole window at once");
        let (allowed, _, retry, _) = take(half, start + DAY);
        assert_eq!((allowed, retry), (false, DAY / 2), "a half of {} fades in half a window", 2 * half);
    }
}

/// A bucket here counts in whole nanoseconds, so each step may be one off what is exact; a window is not.
fn agree(answers: &Answers, config: &RateLimitConfig, when: &str) {
    let Answers { there, here, left_here } = answers;
    let said = format!("{when}: {there:?} there, {here:?} and {left_here} left here");
    let in_a_nanosecond = f64::from(config.rate().amount()) / config.rate().per().as_nanos() as f64;
    let (micros, tokens) = match config.kind() {
        Algorithm::TokenBucket => (1, f64::from(STEPS) * in_a_nanosecond),
        _ => (0, 1e-9),
    };
    match here {
        Ok(()) => assert!(there.0, "{said}"),
        Err(Error::RateLimited { retry_after, .. }) => {
            let here = i64::try_from(retry_after.as_nanos().div_ceil(1000)).unwrap();
            assert!(!there.0 && (there.2 - here).abs() <= micros, "{said}");
        }
        Err(_) => assert_eq!((there.0, there.2), (false, -1), "{said}"),
    }
    assert!((there.1 - left_here).abs() <= tokens, "{said}");
}
