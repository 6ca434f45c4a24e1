use mainstay::chaos;

use crate::support::on;

#[derive(Debug, PartialEq)]
enum PayError {
    Down { order: u64 },
}

#[test]
fn an_error_of_ones_own_sees_the_arguments_and_needs_no_conversion() {
    #[chaos("error.own", error = PayError::Down { order }, error_rate = 1.0)]
    fn pay(order: u64) -> Result<u64, PayError> {
        Ok(order)
    }
    assert_eq!(pay(7), Ok(7));
    let _on = on("error.own");
    assert_eq!(pay(7), Err(PayError::Down { order: 7 }));
}

#[tokio::test]
async fn it_may_be_made_by_a_function() {
    fn down(order: &str) -> PayError {
        PayError::Down { order: order.len() as u64 }
    }
    #[chaos("error.made", error = down(&order), error_rate = 1.0)]
    async fn pay(order: String) -> Result<String, PayError> {
        Ok(order)
    }
    let _on = on("error.made");
    assert_eq!(pay("four".into()).await, Err(PayError::Down { order: 4 }));
}

#[test]
fn it_is_there_for_tests_where_no_rate_is_given() {
    #[chaos("error.unused", error = "down")]
    fn call() -> Result<(), &'static str> {
        Ok(())
    }
    let on = on("error.unused");
    assert!((0..100).all(|_| call().is_ok()));
    let _directing = on.0.direct(|| Some(chaos::Fate::fail()));
    assert_eq!(call(), Err("down"));
}
