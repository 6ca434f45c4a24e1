use mainstay::{adaptive_limit, adaptive_limit::AdaptiveLimit};

use crate::support::Answer;

struct Client {
    limit: AdaptiveLimit,
}

impl Client {
    fn new() -> Self {
        Self { limit: AdaptiveLimit::builder().initial(1).build("with.own").unwrap() }
    }

    #[adaptive_limit(with = self.limit, priority = normal)]
    fn get(&self, inside: &dyn Fn()) -> Answer {
        inside();
        Ok(1)
    }

    #[adaptive_limit(with = self.limit)]
    async fn get_async(&self) -> Answer {
        Ok(1)
    }
}

#[tokio::test]
async fn a_field_gives_each_value_a_limit_of_its_own() {
    let (one, other) = (Client::new(), Client::new());
    one.get(&|| {
        assert!(one.get(&|| ()).is_err());
        other.get(&|| ()).unwrap();
    })
    .unwrap();
    assert_eq!(one.get_async().await, Ok(1));
    assert_eq!((one.limit.rejected_count(), other.limit.rejected_count()), (1, 0));
}
