use mainstay::{circuit_breaker, policies};

use crate::support::{Answer, Upstream, letter, upstream};

#[test]
fn no_more_keys_are_remembered_than_it_says() {
    #[circuit_breaker("cb.max_keys", key = number, max_keys = 8)]
    fn call(number: u32, up: &Upstream) -> Answer {
        up.run()
    }
    for number in 0..1000 {
        call(number, &upstream("S")).unwrap();
    }
    assert_eq!(policies().keyed_circuit_breaker("cb.max_keys").unwrap().len(), 8);
}

#[test]
fn an_open_breaker_is_not_pushed_out_by_a_flood_of_new_keys() {
    #[circuit_breaker(failure_threshold = 1, key = number, max_keys = 8)]
    fn call(number: u32, up: &Upstream) -> Answer {
        up.run()
    }
    call(0, &upstream("F")).unwrap_err();
    for number in 1..1000 {
        call(number, &upstream("S")).unwrap();
    }
    assert_eq!(letter(&call(0, &upstream(""))), 'X');
}

#[test]
fn sixty_five_thousand_keys_are_remembered_by_default() {
    #[circuit_breaker("cb.max_keys_default", key = number)]
    fn call(number: u32) -> Answer {
        let _ = number;
        Ok(())
    }
    let breakers = policies().keyed_circuit_breaker("cb.max_keys_default").unwrap();
    assert_eq!(*breakers.config(), mainstay::circuit_breaker::CircuitBreakerConfig::new().max_keys(65_536));
    call(1).unwrap();
    assert_eq!(breakers.len(), 1);
}
