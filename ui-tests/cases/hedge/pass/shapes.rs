#![deny(warnings)]

use std::{sync::Arc, time::Duration};

use mainstay::{circuit_breaker, hedge, hedge::Hedge, idempotent, retry, timeout, trace_span};

const AFTER: Duration = Duration::from_millis(20);

type Answer<T> = Result<T, mainstay::Error>;

struct Client {
    hedge: Arc<Hedge>,
}

impl Client {
    #[hedge(with = self.hedge, safe)]
    async fn borrows<'a>(&'a self, text: &'a str) -> Answer<&'a str> {
        Ok(text)
    }

    #[hedge(after = AFTER, safe, clone(order, count))]
    async fn copies(&self, order: Vec<String>, mut count: usize) -> Answer<usize> {
        count += 1;
        Ok(order.into_iter().count() + count)
    }

    #[hedge(safe, clone(order))]
    #[trace_span]
    async fn spans(&self, order: Vec<String>) -> Answer<usize> {
        Ok(order.into_iter().count())
    }

    #[hedge(safe)]
    fn future(&self, id: u64) -> impl Future<Output = Answer<u64>> {
        async move { Ok(id) }
    }
}

#[timeout("5s")]
#[trace_span]
#[retry(budget = "hedge.shapes")]
#[hedge("shapes", after = "p99.9", max = 2, min_after = "5ms", warm_up = 20, budget = "hedge.shapes", safe)]
#[circuit_breaker]
#[timeout("1s")]
#[trace_span]
async fn stacked<T: Clone + Sync>(what: &[T]) -> Answer<usize> {
    Ok(what.len())
}

#[idempotent(key = id)]
#[hedge(after = "50ms", budget = 0.05)]
async fn keyed(id: u64) -> Answer<u64> {
    Ok(id)
}

fn is_send<T: Send>(_: T) {}

fn main() {
    let client = Client { hedge: Arc::new(Hedge::builder().build("own").unwrap()) };
    is_send(client.borrows("a"));
    is_send(client.copies(Vec::new(), 1));
    is_send(client.spans(Vec::new()));
    is_send(client.future(1));
    is_send(stacked(&[1]));
    is_send(keyed(1));
}
