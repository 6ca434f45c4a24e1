use std::sync::OnceLock;

use mainstay::{
    retry,
    retry::{Jitter, Retry},
};

use crate::support::*;

struct Client {
    upstream: Upstream,
    retry: Retry,
}

impl Client {
    fn new(attempts: u32) -> Self {
        let retry =
            Retry::builder().max_attempts(attempts).jitter(Jitter::None).build("with.client").unwrap();
        Self { upstream: Upstream::down(), retry }
    }

    #[retry(with = self.retry)]
    async fn ask(&self) -> Answer {
        self.upstream.ask().await
    }

    #[retry(with = self.retry)]
    fn ask_sync(&self) -> Answer {
        self.upstream.ask_sync()
    }
}

fn shared() -> &'static Retry {
    static SHARED: OnceLock<&Retry> = OnceLock::new();
    SHARED.get_or_init(|| Retry::builder().max_attempts(5).register("with.shared").unwrap())
}

#[retry(with = shared(), retry_if = |failure| *failure == Failure::Declined)]
async fn by_function(up: &Upstream) -> Answer {
    up.ask().await
}

#[retry(with = policy)]
fn by_argument(up: &Upstream, policy: &Retry) -> Answer {
    up.ask_sync()
}

#[tokio::test(start_paused = true)]
async fn each_instance_follows_its_own_policy() {
    let (two, four) = (Client::new(2), Client::new(4));
    two.ask().await.unwrap_err();
    four.ask().await.unwrap_err();
    assert_eq!(two.upstream.waits(), [secs(1)]);
    assert_eq!(four.upstream.waits(), [1, 2, 4].map(secs));
    assert_eq!((two.retry.retries(), four.retry.retries()), (1, 3));
}

#[test]
fn a_sync_method_follows_it_too() {
    let client = Client::new(2);
    manual(|| client.ask_sync()).unwrap_err();
    assert_eq!((client.upstream.calls(), client.retry.exhausted()), (2, 1));
}

#[tokio::test(start_paused = true)]
async fn any_expression_that_refers_to_a_policy_will_do() {
    let upstream = Upstream::always(Failure::Declined);
    by_function(&upstream).await.unwrap_err();
    assert_eq!((upstream.calls(), shared().retries()), (5, 4));
    let upstream = Upstream::down();
    manual(|| by_argument(&upstream, shared())).unwrap_err();
    assert_eq!(upstream.calls(), 5);
}
