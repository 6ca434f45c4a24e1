use mainstay::{throttle, throttle::Throttle};

use crate::support::{Answer, Failure};

struct Client {
    throttle: Throttle,
}

impl Client {
    fn new() -> Self {
        Self { throttle: Throttle::builder().minimum_calls(1).build("with.own").unwrap() }
    }

    #[throttle(with = self.throttle, reject_on(Failure::Down))]
    async fn get(&self, answer: Answer) -> Answer {
        answer
    }
}

#[tokio::test]
async fn a_field_gives_each_value_a_throttle_of_its_own() {
    let (one, other) = (Client::new(), Client::new());
    for _ in 0..100 {
        let _ = one.get(Err(Failure::Down)).await;
        other.get(Ok(1)).await.unwrap();
    }
    assert_eq!((one.throttle.rejection_rate(), other.throttle.rejection_rate()), (0.9, 0.0));
}
