//! What is said of `#[chaos]` from outside, in a program of its own: a load is one for all of it.
#![allow(missing_docs)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail the test")]

use mainstay::{Error, Kind, chaos, overrides::Values, policies, timeout};

/// One load for all that is tested here, as there is one set of overrides in a program.
#[tokio::test(start_paused = true)]
async fn it_is_switched_on_by_its_name_from_outside_and_not_by_the_master_switch() {
    #[chaos("outside.on", error = "down")]
    fn on() -> Result<(), &'static str> {
        Ok(())
    }
    #[chaos("outside.off", error = "down", error_rate = 1.0)]
    fn off() -> Result<(), &'static str> {
        Ok(())
    }
    #[timeout("1s")]
    #[chaos("outside.slow")]
    async fn slow() -> Result<(), Error> {
        Ok(())
    }
    let values = Values::new()
        .enabled(true)
        .name("outside.on", "chaos", "enabled", true)
        .name("outside.on", "chaos", "error_rate", "1")
        .name("outside.slow", "chaos", "enabled", true)
        .name("outside.slow", "chaos", "latency", "2s")
        .name("outside.slow", "chaos", "latency_rate", "1.0");
    mainstay::overrides().values(values).load().unwrap();
    assert_eq!((on(), off()), (Err("down"), Ok(())));
    assert_eq!(slow().await.unwrap_err().kind(), Kind::TimedOut);
    assert!(policies().chaos("outside.on").unwrap().is_on());

    let wrong = Values::new().name("outside.on", "chaos", "error_rate", "0.6").name(
        "outside.on",
        "chaos",
        "panic_rate",
        "0.6",
    );
    let refused = mainstay::overrides().values(wrong).load().unwrap_err().to_string();
    assert!(refused.contains("at most 1 together"), "{refused}");
    assert_eq!(on(), Err("down"), "the last good ones are kept");

    mainstay::overrides().values(Values::new()).load().unwrap();
    assert_eq!((on(), slow().await), (Ok(()), Ok(())));
}
