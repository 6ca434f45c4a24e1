use mainstay::{
    Error, metered,
    metrics::{HttpStatus, LabelValue},
    policies,
};

use crate::support::{assert_scraped, scraped};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, LabelValue)]
enum Payment {
    Card,
    BankTransfer,
    #[label("cash")]
    CashInHand,
}

struct Order {
    payment: Payment,
    express: bool,
}

#[tokio::test]
async fn each_combination_of_values_is_a_series() {
    #[metered("labels.orders", labels(payment = order.payment, express = order.express))]
    async fn place(order: Order) -> Result<(), Error> {
        let _ = order;
        Ok(())
    }
    for (payment, express) in [(Payment::Card, true), (Payment::Card, true), (Payment::BankTransfer, false)] {
        place(Order { payment, express }).await.unwrap();
    }
    assert_scraped(
        "labels.orders",
        &[
            "calls_total{@,payment=\"card\",express=\"true\",outcome=\"ok\"} 2",
            "calls_total{@,payment=\"bank_transfer\",express=\"false\",outcome=\"ok\"} 1",
            "duration_seconds_count{@,payment=\"card\",express=\"true\"} 2",
            "in_flight{@,payment=\"card\",express=\"true\"} 0",
        ],
    );
    assert_eq!(policies().metered("labels.orders").unwrap().total(), 3);
}

#[test]
fn a_label_may_be_left_out_of_a_call() {
    #[metered("labels.optional", labels(status = status.map(HttpStatus::new), kind = "x"))]
    fn answer(status: Option<u16>) -> Result<(), Error> {
        let _ = status;
        Ok(())
    }
    answer(None).unwrap();
    answer(Some(204)).unwrap();
    assert_scraped(
        "labels.optional",
        &[
            "calls_total{@,kind=\"x\",outcome=\"ok\"} 1",
            "calls_total{@,status=\"204\",kind=\"x\",outcome=\"ok\"} 1",
        ],
    );
}

#[test]
fn a_function_may_be_generic_over_a_label() {
    #[metered("labels.generic", labels(of = value.clone()))]
    fn generic<T: LabelValue>(value: T) -> Result<(), Error> {
        let _ = value;
        Ok(())
    }
    generic(Payment::CashInHand).unwrap();
    generic(true).unwrap();
    generic("text").unwrap();
    let lines = scraped("labels.generic");
    for value in ["cash", "true", "text"] {
        assert!(lines.contains(&format!("calls_total{{@,of=\"{value}\",outcome=\"ok\"}} 1")), "{lines:#?}");
    }
}

#[test]
fn what_is_beyond_the_limit_is_counted_in_one_series() {
    #[metered("labels.many", labels(one = HttpStatus::new(one), other = HttpStatus::new(other)))]
    fn many(one: u16, other: u16) -> Result<(), Error> {
        let _ = (one, other);
        Ok(())
    }
    for one in 100..150 {
        for other in 100..141 {
            many(one, other).unwrap();
        }
    }
    assert_scraped("labels.many", &["calls_total{@,otel_metric_overflow=\"true\",outcome=\"ok\"} 50"]);
}
