#![deny(warnings)]

use mainstay::{Error, circuit_breaker, fallback, retry, timeout};

trait Service {
    type Answer: Default + Clone;

    #[retry]
    #[timeout("1s")]
    async fn by_default(&self) -> Result<Self::Answer, Error> {
        Ok(Self::Answer::default())
    }

    fn call(&mut self, number: u32) -> impl Future<Output = Result<Self::Answer, Error>>;
}

#[derive(Default, Clone, Debug)]
struct Client<T> {
    last: T,
}

impl<T: Default + Clone + From<u32>> Service for Client<T> {
    type Answer = T;

    #[fallback(|_, number| Ok(T::from(number)))]
    #[retry]
    #[circuit_breaker]
    #[timeout("1s")]
    async fn call(&mut self, number: u32) -> Result<Self::Answer, Error> {
        self.last = T::from(number);
        Ok(self.last.clone())
    }
}

impl<T: Default> Client<T> {
    #[retry]
    fn make() -> Result<Self, Error>
    where
        T: Send,
    {
        Ok(Self { last: T::default() })
    }

    #[circuit_breaker]
    fn longest<'a, 'b: 'a>(&'a self, one: &'a str, other: &'b str) -> Result<(&'a T, &'a str), Error> {
        Ok((&self.last, if one.len() > other.len() { one } else { other }))
    }

    #[retry]
    fn sized<const N: usize>(&self, start: [u8; N]) -> Result<[u8; N], Error> {
        Ok(start)
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let mut client = Client::<u64>::make().unwrap_or_default();
    assert!(client.by_default().await.is_ok() && client.call(5).await.is_ok());
    assert!(client.longest("a", "bb").is_ok() && client.sized([1, 2]).is_ok());
}
