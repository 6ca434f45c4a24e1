use mainstay::{circuit_breaker, policies};

use crate::support::{Answer, E, Upstream, letter, upstream};

#[tokio::test(start_paused = true)]
async fn functions_under_one_name_share_one_breaker() {
    #[circuit_breaker("cb.shared", failure_threshold = 2)]
    fn one(up: &Upstream) -> Answer {
        up.run()
    }
    #[circuit_breaker(name = "cb.shared", failure_threshold = 2)]
    async fn other(up: &Upstream) -> Answer {
        up.run_async().await
    }
    assert_eq!(one(&upstream("F")), Err(E::Down));
    assert_eq!(other(&upstream("F")).await, Err(E::Down));
    assert_eq!(letter(&one(&upstream(""))), 'X');
    assert_eq!(letter(&other(&upstream("")).await), 'X');
}

#[test]
fn module_path_and_function_are_the_name_by_default() {
    #[circuit_breaker(failure_threshold = 1)]
    fn nameless(up: &Upstream) -> Answer {
        up.run()
    }
    nameless(&upstream("F")).unwrap_err();
    let Err(E::Policy(refused)) = nameless(&upstream("")) else { panic!("it is open") };
    assert_eq!(refused.policy(), "circuit_breaker::name::nameless");
    assert!(policies().circuit_breaker("circuit_breaker::name::nameless").is_some());
}

#[test]
fn functions_without_a_name_do_not_share() {
    mod one {
        #[mainstay::circuit_breaker(failure_threshold = 1)]
        pub(super) fn call(up: &crate::support::Upstream) -> crate::support::Answer {
            up.run()
        }
    }
    #[circuit_breaker(failure_threshold = 1)]
    fn call(up: &Upstream) -> Answer {
        up.run()
    }
    one::call(&upstream("F")).unwrap_err();
    assert_eq!(letter(&one::call(&upstream(""))), 'X');
    assert_eq!(call(&upstream("S")), Ok(()));
}

#[test]
fn values_of_one_type_share_the_breaker_of_their_method() {
    struct Client;
    impl Client {
        #[circuit_breaker(failure_threshold = 2)]
        fn get(&self, up: &Upstream) -> Answer {
            up.run()
        }
        #[circuit_breaker(failure_threshold = 2)]
        fn put(&self, up: &Upstream) -> Answer {
            up.run()
        }
    }
    let (one, other) = (Client, Client);
    one.get(&upstream("F")).unwrap_err();
    other.get(&upstream("F")).unwrap_err();
    assert_eq!(letter(&one.get(&upstream(""))), 'X');
    assert_eq!(one.put(&upstream("S")), Ok(()), "each method has its own");
}

#[test]
fn a_generic_function_has_one_breaker_whatever_its_types() {
    #[circuit_breaker(failure_threshold = 2)]
    fn call<T: Send>(up: &Upstream, _value: T) -> Answer {
        up.run()
    }
    call(&upstream("F"), 1_u8).unwrap_err();
    call(&upstream("F"), "text").unwrap_err();
    assert_eq!(letter(&call(&upstream(""), 'c')), 'X');
}
