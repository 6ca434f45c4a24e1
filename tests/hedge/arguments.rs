//! Functions of every shape, and what their attempts have in common.

use mainstay::{hedge, hedge::Hedge};

use crate::support::{Answer, Upstream, ms, ok};

fn slow() -> Upstream {
    Upstream::new(&[(900, ok), (10, ok)])
}

struct Client {
    upstream: Upstream,
    hedge: Hedge,
}

impl Client {
    fn new() -> Self {
        let hedge = Hedge::builder().after(ms(50)).build("arguments.client").unwrap();
        Self { upstream: slow(), hedge }
    }

    #[hedge(after = "50ms", safe)]
    async fn borrowed(&self, text: &str, numbers: &[u32]) -> Answer {
        let answer = self.upstream.ask().await?;
        Ok(answer + u32::try_from(text.len() + numbers.len()).unwrap())
    }

    #[hedge(with = self.hedge, safe, clone(order))]
    async fn consumed(&self, mut order: Vec<u32>, by_value: String) -> Answer {
        order.push(1);
        let answer = self.upstream.ask().await?;
        let consumed = order.into_iter().sum::<u32>();
        Ok(answer + consumed + u32::try_from(by_value.len()).unwrap())
    }

    #[hedge(after = "50ms", safe)]
    fn future(&self, more: u32) -> impl Future<Output = Answer> + Send {
        async move { Ok(self.upstream.ask().await? + more) }
    }

    #[hedge(after = "50ms", safe, clone(n))]
    async fn changed(&self, mut n: u32) -> Answer {
        n += 1;
        tokio::task::yield_now().await;
        n += self.upstream.ask().await?;
        Ok(n)
    }

    #[hedge(after = "50ms", safe)]
    async fn lends<'a>(&'a self, text: &'a str) -> Result<&'a str, crate::support::Failure> {
        self.upstream.ask().await?;
        Ok(&text[1..])
    }
}

#[async_trait::async_trait]
trait Quotes {
    async fn quote(&self, symbol: String) -> Answer;
}

#[async_trait::async_trait]
impl Quotes for Client {
    #[hedge(after = "50ms", safe)]
    async fn quote(&self, symbol: String) -> Answer {
        Ok(self.upstream.ask().await? + u32::try_from(symbol.len()).unwrap())
    }
}

#[tokio::test(start_paused = true)]
async fn attempts_share_what_is_borrowed_and_have_copies_of_the_rest() {
    assert_eq!(Client::new().borrowed("ab", &[1]).await, Ok(4));
    assert_eq!(Client::new().consumed(vec![5], "abc".to_owned()).await, Ok(1 + 6 + 3));
    assert_eq!(Client::new().future(7).await, Ok(8));
    assert_eq!(Client::new().changed(3).await, Ok(5));
    assert_eq!(Client::new().lends("abc").await, Ok("bc"));
    assert_eq!(Client::new().quote("ACME".to_owned()).await, Ok(5));
}

#[tokio::test(start_paused = true)]
async fn a_call_can_be_spawned() {
    #[hedge(after = "50ms", safe)]
    async fn call<T: std::fmt::Display + Send + Sync>(upstream: std::sync::Arc<Upstream>, what: T) -> Answer {
        let _ = what.to_string();
        upstream.ask().await
    }
    let called = tokio::spawn(call(std::sync::Arc::new(slow()), 7)).await.unwrap();
    assert_eq!(called, Ok(1));
}
