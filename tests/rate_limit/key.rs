use mainstay::{policies, rate_limit};
use mainstay_testkit::Stepper;

use crate::support::{Answer, ms, wait_of};

#[tokio::test(start_paused = true)]
async fn each_key_has_tokens_of_its_own() {
    #[rate_limit("2/s", key = user)]
    async fn call(user: &str) -> Answer {
        Ok(())
    }
    #[rate_limit("2/s", key = user)]
    fn call_sync(user: &str) -> Answer {
        Ok(())
    }
    for user in ["ann", "bob"] {
        let waits = [call(user).await, call(user).await, call(user).await].map(|answer| wait_of(&answer));
        assert_eq!(waits, [0.0, 0.0, 500.0]);
        let waits = [call_sync(user), call_sync(user), call_sync(user)].map(|answer| wait_of(&answer));
        assert_eq!(waits, [0.0, 0.0, 500.0]);
    }
}

#[test]
fn the_key_is_any_expression_over_the_arguments() {
    struct Shop {
        tenant: String,
    }
    impl Shop {
        #[rate_limit("key.expression", "1/h", key = (self.tenant.as_str(), order / 10))]
        fn order(&self, order: u32) -> Answer {
            Ok(())
        }
    }
    let shop = |tenant: &str| Shop { tenant: tenant.to_owned() };
    assert_eq!(shop("a").order(1), Ok(()));
    assert!(shop("a").order(9).is_err());
    assert_eq!(shop("a").order(10), Ok(()));
    assert_eq!(shop("b").order(1), Ok(()));
    assert_eq!(policies().keyed_rate_limiter("key.expression").unwrap().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn the_other_options_hold_for_each_key() {
    #[rate_limit("10/s", key = user, burst = 4, initial = 2, tokens = count)]
    async fn call(user: u64, count: u32) -> Answer {
        Ok(())
    }
    for user in [1, 2] {
        assert_eq!(call(user, 2).await, Ok(()));
        assert_eq!(wait_of(&call(user, 2).await), 200.0);
        assert!(matches!(call(user, 5).await, Err(mainstay::Error::ExceedsBurst { burst: 4.0, .. })));
    }
}

#[tokio::test(start_paused = true)]
async fn those_who_wait_for_one_key_are_not_in_the_way_of_another() {
    #[rate_limit("1/s", key = user, max_wait = "10s")]
    async fn call(user: &str) -> Answer {
        Ok(())
    }
    call("ann").await.unwrap();
    let mut waiting = Stepper::new(call("ann"));
    assert!(waiting.poll().is_pending());
    let start = tokio::time::Instant::now();
    call("bob").await.unwrap();
    assert_eq!(start.elapsed(), ms(0));
    tokio::time::advance(ms(1000)).await;
    assert!(waiting.poll().is_ready());
}
