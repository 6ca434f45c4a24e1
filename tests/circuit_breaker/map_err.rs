use std::io;

use mainstay::circuit_breaker;

fn foreign(refusal: mainstay::Error) -> io::Error {
    io::Error::other(refusal)
}

#[test]
fn a_function_turns_the_refusal_into_a_foreign_error() {
    #[circuit_breaker(failure_threshold = 1, map_err = foreign)]
    fn call() -> io::Result<()> {
        Err(io::ErrorKind::ConnectionReset.into())
    }
    assert_eq!(call().unwrap_err().kind(), io::ErrorKind::ConnectionReset);
    let refused = call().unwrap_err();
    assert!(refused.get_ref().is_some_and(|inner| inner.is::<mainstay::Error>()));
}

#[tokio::test(start_paused = true)]
async fn a_closure_does_as_well() {
    #[circuit_breaker(failure_threshold = 1, map_err = |refusal: mainstay::Error| refusal.kind().as_str())]
    async fn call() -> Result<(), &'static str> {
        Err("down")
    }
    assert_eq!(call().await, Err("down"));
    assert_eq!(call().await, Err("circuit_open"));
}

#[test]
fn the_errors_of_the_body_are_left_alone() {
    fn never(_: mainstay::Error) -> u8 {
        unreachable!("nothing was refused")
    }
    #[circuit_breaker(map_err = never)]
    fn call(error: u8) -> Result<(), u8> {
        Err(error)
    }
    assert_eq!((call(1), call(2)), (Err(1), Err(2)));
}

#[test]
fn it_is_not_needed_where_the_error_is_from_a_refusal() {
    #[circuit_breaker(failure_threshold = 1)]
    fn boxed() -> Result<(), Box<dyn std::error::Error>> {
        Err("down".into())
    }
    #[circuit_breaker(failure_threshold = 1)]
    fn any() -> anyhow::Result<()> {
        anyhow::bail!("down")
    }
    #[circuit_breaker(failure_threshold = 1)]
    fn plain() -> Result<(), mainstay::Error> {
        Err(mainstay::Error::timed_out("elsewhere", std::time::Duration::ZERO))
    }
    boxed().unwrap_err();
    assert!(boxed().unwrap_err().is::<mainstay::Error>());
    any().unwrap_err();
    assert!(any().unwrap_err().is::<mainstay::Error>());
    plain().unwrap_err();
    assert_eq!(plain().unwrap_err().kind(), mainstay::Kind::CircuitOpen);
}
