use std::sync::{Arc, LazyLock};

use mainstay::{
    circuit_breaker,
    circuit_breaker::{CircuitBreaker, KeyedCircuitBreaker, State},
};

use crate::support::{Answer, E, Upstream, letter, upstream};

fn breaker() -> CircuitBreaker {
    CircuitBreaker::builder().failure_threshold(1).build("cb.with").unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_field_gives_each_value_a_breaker_of_its_own() {
    struct Client {
        breaker: CircuitBreaker,
    }
    impl Client {
        #[circuit_breaker(with = self.breaker)]
        async fn get(&self, up: &Upstream) -> Answer {
            up.run_async().await
        }
        #[circuit_breaker(with = self.breaker)]
        fn get_sync(&mut self, up: &Upstream) -> Answer {
            up.run()
        }
    }
    let (mut one, other) = (Client { breaker: breaker() }, Client { breaker: breaker() });
    assert_eq!(one.get(&upstream("F")).await, Err(E::Down));
    assert_eq!(letter(&one.get(&upstream("")).await), 'X');
    assert_eq!(letter(&one.get_sync(&upstream(""))), 'X', "both methods go by the same one");
    assert_eq!(one.breaker.state(), State::Open);
    assert_eq!(other.get(&upstream("S")).await, Ok(()));
}

#[tokio::test(start_paused = true)]
async fn an_arc_shares_one_between_values() {
    #[derive(Clone)]
    struct Client {
        breaker: Arc<CircuitBreaker>,
    }
    impl Client {
        #[circuit_breaker(with = self.breaker)]
        async fn get(&self, up: &Upstream) -> Answer {
            up.run_async().await
        }
    }
    let one = Client { breaker: Arc::new(breaker()) };
    let other = one.clone();
    one.get(&upstream("F")).await.unwrap_err();
    assert_eq!(letter(&other.get(&upstream("")).await), 'X');
}

#[test]
fn a_registered_one_is_shared_by_the_whole_program() {
    fn shared() -> &'static CircuitBreaker {
        CircuitBreaker::builder().failure_threshold(1).register("cb.with_registered").unwrap()
    }
    static KEPT: LazyLock<&'static CircuitBreaker> = LazyLock::new(shared);
    #[circuit_breaker(with = shared())]
    fn by_call(up: &Upstream) -> Answer {
        up.run()
    }
    #[circuit_breaker(with = KEPT)]
    fn by_static(up: &Upstream) -> Answer {
        up.run()
    }
    by_call(&upstream("F")).unwrap_err();
    assert_eq!(letter(&by_static(&upstream(""))), 'X');
}

#[test]
fn an_argument_may_bring_it() {
    #[circuit_breaker(with = breaker)]
    fn call(breaker: &CircuitBreaker, up: &Upstream) -> Answer {
        up.run()
    }
    let own = breaker();
    call(&own, &upstream("F")).unwrap_err();
    assert_eq!(letter(&call(&own, &upstream(""))), 'X');
}

#[test]
fn with_a_key_it_is_a_breaker_per_key() {
    struct Client {
        breakers: KeyedCircuitBreaker,
    }
    impl Client {
        #[circuit_breaker(with = self.breakers, key = host)]
        fn get(&self, host: &str, up: &Upstream) -> Answer {
            up.run()
        }
    }
    let breakers = CircuitBreaker::builder().failure_threshold(1).build_keyed("cb.with_keyed").unwrap();
    let client = Client { breakers };
    client.get("a", &upstream("F")).unwrap_err();
    assert_eq!(letter(&client.get("a", &upstream(""))), 'X');
    assert_eq!(client.get("b", &upstream("S")), Ok(()));
}

#[test]
fn what_an_error_means_is_still_said_on_the_function() {
    #[circuit_breaker(with = breaker, failure_on(E::Down), ignore_on(E::Busy))]
    fn call(breaker: &CircuitBreaker, up: &Upstream) -> Answer {
        up.run()
    }
    let own = breaker();
    let up = upstream("DBF");
    let letters: String = (0..4).map(|_| letter(&call(&own, &up))).collect();
    assert_eq!(letters, "DBFX");
    assert_eq!((own.success_count(), own.ignored_count(), own.failure_count()), (1, 1, 1));
}
