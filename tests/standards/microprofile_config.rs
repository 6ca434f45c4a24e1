//! MicroProfile Fault Tolerance, values from outside. Its keys of a method are our names, its keys without a method our
//! kinds. Run by `tests/standards_config`.

use mainstay::{
    bulkhead, cached, circuit_breaker, fallback, idempotent,
    overrides::{Values, overrides},
    policies, rate_limit, retry,
};

use crate::{
    subjects::{broken, covered_attempts, crowded, limited, on, retried, set},
    support::*,
};

/// CF-x02.
#[tokio::test(start_paused = true)]
async fn a_function_without_a_name_goes_by_its_path() {
    #[fallback(|_| Ok(()))]
    #[bulkhead(1)]
    async fn by_path(up: &Upstream) -> Answer {
        up.run_async().await
    }
    let path = concat!(module_path!(), "::by_path");
    let values = Values::new().name(path, "fallback", "enabled", false).name(path, "bulkhead", "limit", 2);
    {
        let _set = set(values).await;
        let up = slow(SECOND, 'F');
        let (first, second, third) = tokio::join!(by_path(&up), by_path(&up), by_path(&up));
        assert_eq!((letter(&first), letter(&second), letter(&third)), ('F', 'F', 'b'));
    }
    assert_eq!(letter(&by_path(&always('F')).await), 'S');
    assert_eq!(policies().fallback(path).unwrap().answered(), 1);
}

/// CF-x02.
#[tokio::test(start_paused = true)]
async fn a_rate_limit_follows_and_may_be_given_a_wait_that_its_code_has_not() {
    #[rate_limit("cf.limit", "1/s")]
    async fn limited(up: &Upstream) -> Answer {
        up.run_async().await
    }
    #[rate_limit("cf.keyed", "1/s", key = user)]
    async fn limited_by_user(user: String, up: &Upstream) -> Answer {
        up.run_async().await
    }
    let up = always('S');
    let of = |values: Values, option: &str, value: &str| {
        let of_one = values.name("cf.limit", "rate_limit", option, value);
        of_one.name("cf.keyed", "rate_limit", option, value)
    };
    let some = || "some".to_owned();
    {
        let _set = set(of(Values::new(), "max_wait", "1s")).await;
        let start = tokio::time::Instant::now();
        let (first, second) = tokio::join!(limited(&up), limited(&up));
        assert_eq!((letter(&first), letter(&second), start.elapsed()), ('S', 'S', SECOND));
        let (first, second) = tokio::join!(limited_by_user(some(), &up), limited_by_user(some(), &up));
        assert_eq!((letter(&first), letter(&second), start.elapsed()), ('S', 'S', SECOND * 2));
    }
    {
        let _set = set(of(Values::new(), "rate", "3/s")).await;
        tokio::time::advance(SECOND).await;
        let letters = [0; 4].map(|_| limited(&up));
        let mut seen = String::new();
        for call in letters {
            seen.push(letter(&call.await));
        }
        assert_eq!(seen, "SSSr");
    }
    let _set = set(of(Values::new(), "enabled", "false")).await;
    for _ in 0..100 {
        assert_eq!((letter(&limited(&up).await), letter(&limited_by_user(some(), &up).await)), ('S', 'S'));
    }
}

/// CF-x02.
#[tokio::test(start_paused = true)]
async fn a_cache_follows_and_what_must_not_be_switched_off_cannot_be() {
    #[cached("cf.cache", key = (), ttl = "1m", jitter = none)]
    async fn kept(up: &Upstream) -> Answer {
        up.run_async().await
    }
    #[idempotent("cf.once", key = id)]
    async fn once(id: u64, up: &Upstream) -> Answer {
        up.run_async().await
    }
    let up = always('S');
    {
        let _set = set(Values::new().name("cf.cache", "cached", "ttl", "1s")).await;
        kept(&up).await.unwrap();
        tokio::time::advance(SECOND).await;
        kept(&up).await.unwrap();
        assert_eq!(up.calls(), 2);
    }
    {
        let _set = set(Values::new().enabled(false)).await;
        kept(&up).await.unwrap();
        kept(&up).await.unwrap();
        once(1, &up).await.unwrap();
        once(1, &up).await.unwrap();
        assert_eq!(up.calls(), 4, "the master switch leaves both on");
    }
    {
        let _set = set(Values::new().kind("cached", "enabled", false)).await;
        kept(&up).await.unwrap();
        kept(&up).await.unwrap();
        assert_eq!(up.calls(), 6);
    }
    let error =
        overrides().values(Values::new().name("cf.once", "idempotent", "enabled", false)).load().unwrap_err();
    assert!(error.to_string().contains("cannot be switched off"), "{error}");
    assert!(overrides().values(Values::new().kind("metered", "enabled", false)).load().is_err());
}

/// CB-14, CB-17.
#[tokio::test(start_paused = true)]
async fn how_long_a_breaker_stays_open_is_set_from_outside() {
    let _set = set(Values::new().name("cf.breaker", "circuit_breaker", "timeout", "1s")).await;
    let up = always('F');
    let mut letters = vec![letter(&broken(&up).await), letter(&broken(&up).await)];
    tokio::time::advance(ms(999)).await;
    letters.push(letter(&broken(&up).await));
    tokio::time::advance(ms(1)).await;
    letters.push(letter(&broken(&up).await));
    assert_eq!(letters, ['F', 'o', 'o', 'F']);
}

/// CB-18, CB-20, CB-x05.
#[tokio::test(start_paused = true)]
async fn the_window_the_rate_and_the_successes_are_set_from_outside() {
    #[circuit_breaker("cf.window", failure_rate = 1.0, window = 2, success_threshold = 1, timeout = "1s")]
    async fn call(up: &Upstream) -> Answer {
        up.run_async().await
    }
    async fn letters(up: &str) -> String {
        let (up, mut letters) = (upstream(up), String::new());
        for _ in 0..6 {
            let answer = letter(&call(&up).await);
            letters.push(answer);
            if answer == 'o' {
                break;
            }
        }
        letters
    }
    let of = |option: &str, value: &str| Values::new().name("cf.window", "circuit_breaker", option, value);
    {
        let _set = set(of("window", "4")).await;
        assert_eq!(letters("FFFF").await, "FFFFo");
    }
    {
        let _set = set(of("window", "4").name("cf.window", "circuit_breaker", "failure_rate", 0.5)).await;
        assert_eq!(letters("SSSFF").await, "SSSFFo");
    }
    let _set = set(of("success_threshold", "2")).await;
    assert_eq!(letters("FF").await, "FFo");
    tokio::time::advance(SECOND).await;
    // One success leaves it half-open, where a failure is enough.
    assert_eq!(letters("SF").await, "SFo");
    tokio::time::advance(SECOND).await;
    // Two close it, and it takes a full window again.
    assert_eq!(letters("SSFF").await, "SSFFo");
}

/// RT-31.
#[tokio::test(start_paused = true)]
async fn how_many_attempts_are_made_is_set_from_outside() {
    let _set = set(Values::new().name("cf.retry", "retry", "max_attempts", 11)).await;
    let up = always('F');
    assert_eq!(letter(&retried(&up).await), 'F');
    assert_eq!(up.calls(), 11);
}

/// RT-32.
#[tokio::test(start_paused = true)]
async fn the_time_for_all_attempts_is_set_from_outside() {
    #[retry("cf.elapsed", max_attempts = 10_000, initial_delay = "200ms", backoff = constant, jitter = none, max_elapsed = "10s")]
    async fn call(up: &Upstream) -> Answer {
        up.run_async().await
    }
    let _set = set(Values::new().name("cf.elapsed", "retry", "max_elapsed", "1s")).await;
    let (up, start) = (always('F'), tokio::time::Instant::now());
    assert_eq!(letter(&call(&up).await), 'F');
    assert!(start.elapsed() <= SECOND && (5..=6).contains(&up.calls()), "{} calls", up.calls());
}

/// RT-37.
#[tokio::test(start_paused = true)]
async fn the_attempts_of_a_name_win_over_those_of_its_kind() {
    let values = Values::new().kind("retry", "max_attempts", 8).name("cf.retry", "retry", "max_attempts", 7);
    let _set = set(values).await;
    let up = always('F');
    let _ = retried(&up).await;
    assert_eq!((up.calls(), covered_attempts().await), (7, 8));
}

/// RT-38.
#[tokio::test(start_paused = true)]
async fn what_is_said_of_a_kind_holds_where_nothing_is_said_of_the_name() {
    let values =
        Values::new().kind("retry", "max_attempts", 8).name("cf.covered", "retry", "max_attempts", 6);
    let _set = set(values).await;
    let up = always('F');
    let _ = retried(&up).await;
    assert_eq!(up.calls(), 8);
}

/// TO-12.
#[tokio::test(start_paused = true)]
async fn a_limit_of_time_is_set_from_outside() {
    let _set = set(Values::new().name("cf.timeout", "timeout", "limit", "3s")).await;
    let start = tokio::time::Instant::now();
    assert_eq!(letter(&limited(&slow(SECOND * 2, 'S')).await), 'S');
    assert_eq!(letter(&limited(&slow(SECOND * 60, 'S')).await), 't');
    assert!((SECOND * 5..SECOND * 5 + ms(5)).contains(&start.elapsed()), "{:?}", start.elapsed());
}

/// BH-07, BH-08.
#[tokio::test(start_paused = true)]
async fn the_limit_of_a_bulkhead_and_its_queue_are_set_from_outside() {
    {
        let _set = set(Values::new().name("cf.bulkhead", "bulkhead", "limit", 1)).await;
        let up = slow(SECOND, 'S');
        let (first, second) = tokio::join!(crowded(&up), crowded(&up));
        assert_eq!((letter(&first), letter(&second)), ('S', 'b'));
    }
    let values = Values::new().name("cf.bulkhead", "bulkhead", "limit", 1).name(
        "cf.bulkhead",
        "bulkhead",
        "max_queue",
        1,
    );
    let _set = set(values).await;
    let up = slow(SECOND, 'S');
    let (first, second, third) = tokio::join!(crowded(&up), crowded(&up), crowded(&up));
    assert_eq!((letter(&first), letter(&second), letter(&third)), ('S', 'S', 'b'));
}

/// CB-15, CB-x04, RT-34, RT-35, FB-10, FB-11, FB-14.
#[tokio::test(start_paused = true)]
async fn which_errors_count_is_code_and_told_where_it_is_set_from_outside() {
    let _set = set(Values::new()).await;
    for (name, kind, options) in [
        ("cf.breaker", "circuit_breaker", ["failure_on", "ignore_on"]),
        ("cf.retry", "retry", ["retry_on", "abort_on"]),
        ("cf.fallback", "fallback", ["on", "handlers"]),
    ] {
        for option in options {
            let of_one = overrides().values(Values::new().name(name, kind, option, "Timeout")).load();
            let of_all = overrides().values(Values::new().kind(kind, option, "Timeout")).load();
            for error in [of_one.unwrap_err(), of_all.unwrap_err()] {
                let told = error.to_string();
                assert!(
                    told.contains(&format!("`{kind}` has no option `{option}` that can be set")),
                    "{told}"
                );
            }
        }
    }
    assert_eq!(on().await, "rfctb", "nothing was changed");
}
