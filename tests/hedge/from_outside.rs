//! Options that are set while the program runs.

use mainstay::{
    hedge,
    overrides::{Values, overrides},
    policies,
};

use crate::support::{Answer, Upstream, ms, ok};

#[hedge("outside.hedge", after = "50ms", safe, budget = 1.0)]
async fn call(upstream: &Upstream) -> Answer {
    upstream.ask().await
}

fn set(option: &str, value: impl ToString) {
    overrides().source(Values::new().name("outside.hedge", "hedge", option, value)).load().unwrap();
}

async fn pauses() -> Vec<u128> {
    let upstream = Upstream::new(&[(900, ok)]);
    call(&upstream).await.unwrap();
    upstream.pauses()
}

/// One test, because what is set holds for the whole program.
#[tokio::test(start_paused = true)]
async fn delay_and_number_are_followed_and_switched_off_there_is_the_primary_alone() {
    let hedge = policies().hedge("outside.hedge").unwrap();
    assert_eq!(pauses().await, [50]);
    set("after", "200ms");
    assert_eq!(pauses().await, [200]);
    set("max", 3);
    assert_eq!(pauses().await, [50, 50, 50]);
    set("enabled", false);
    assert_eq!((pauses().await.len(), hedge.hedges()), (0, 5));
    overrides()
        .source(Values::new().name("outside.hedge", "hedge", "after", "p50").name(
            "outside.hedge",
            "hedge",
            "warm_up",
            3,
        ))
        .load()
        .unwrap();
    for _ in 0..3 {
        call(&Upstream::new(&[(30, ok)])).await.unwrap();
    }
    let after = hedge.after().unwrap();
    assert!(after >= ms(30) && after < ms(31), "{after:?}");
    let wrong = overrides().source(Values::new().name("outside.hedge", "hedge", "after", "p200")).load();
    assert!(wrong.unwrap_err().to_string().contains("between 0 and 1"));
    let wrong = overrides().source(Values::new().name("outside.hedge", "hedge", "after", "often")).load();
    assert!(wrong.is_err());
    overrides().source(Values::new()).load().unwrap();
}
