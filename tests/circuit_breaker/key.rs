use mainstay::{circuit_breaker, policies};

use crate::support::{Answer, E, SECOND, Upstream, letter, upstream};

#[tokio::test(start_paused = true)]
async fn each_key_has_a_breaker_of_its_own() {
    #[circuit_breaker("cb.keyed", failure_threshold = 2, key = host)]
    async fn call(host: &str, up: &Upstream) -> Answer {
        up.run_async().await
    }
    for host in ["one", "other"] {
        let up = upstream("FF");
        assert_eq!(call(host, &up).await, Err(E::Down));
        assert_eq!(call(host, &up).await, Err(E::Down));
        assert_eq!(letter(&call(host, &up).await), 'X');
    }
    assert_eq!(call("third", &upstream("S")).await, Ok(()));
    let breakers = policies().keyed_circuit_breaker("cb.keyed").unwrap();
    assert_eq!(breakers.len(), 3);
    assert_eq!(breakers.get("one").state().to_string(), "open");
    assert_eq!(breakers.get("third").state().to_string(), "closed");
}

#[test]
fn the_key_is_any_expression_over_the_arguments() {
    struct Order {
        region: String,
        shop: u32,
    }
    #[circuit_breaker(failure_threshold = 1, key = (order.region.as_str(), order.shop % 10))]
    fn call(order: &Order, up: &Upstream) -> Answer {
        up.run()
    }
    let order = |region: &str, shop| Order { region: region.to_owned(), shop };
    call(&order("eu", 1), &upstream("F")).unwrap_err();
    assert_eq!(letter(&call(&order("eu", 11), &upstream(""))), 'X');
    assert_eq!(call(&order("us", 1), &upstream("S")), Ok(()));
    assert_eq!(call(&order("eu", 2), &upstream("S")), Ok(()));
}

#[test]
fn the_key_may_come_from_self_and_the_body_may_consume_its_argument() {
    struct Client {
        host: String,
    }
    impl Client {
        #[circuit_breaker(failure_threshold = 1, key = (&self.host, &path))]
        fn get(&self, path: String, up: &Upstream) -> Answer {
            drop(path);
            up.run()
        }
    }
    let client = |host: &str| Client { host: host.to_owned() };
    client("a").get("x".into(), &upstream("F")).unwrap_err();
    assert_eq!(letter(&client("a").get("x".into(), &upstream(""))), 'X');
    assert_eq!(client("a").get("y".into(), &upstream("S")), Ok(()));
    assert_eq!(client("b").get("x".into(), &upstream("S")), Ok(()));
}

#[tokio::test(start_paused = true)]
async fn each_key_recovers_on_its_own() {
    #[circuit_breaker(failure_threshold = 1, success_threshold = 1, timeout = "2s", key = tenant)]
    async fn call(tenant: u64, up: &Upstream) -> Answer {
        up.run_async().await
    }
    call(1, &upstream("F")).await.unwrap_err();
    tokio::time::advance(SECOND).await;
    call(2, &upstream("F")).await.unwrap_err();
    tokio::time::advance(SECOND).await;
    assert_eq!(call(1, &upstream("S")).await, Ok(()));
    let Err(E::Policy(refused)) = call(2, &upstream("")).await else { panic!("still open") };
    assert_eq!(refused.retry_after(), Some(SECOND));
}
