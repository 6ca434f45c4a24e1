use mainstay::{retry, timeout};

trait Source {
    type Error;
}

struct Client<S>(S);

impl<S: Source> Client<S> {
    #[retry]
    #[timeout("1s")]
    async fn call<T: Default>(&self) -> Result<T, S::Error> {
        Ok(T::default())
    }
}

fn main() {}
