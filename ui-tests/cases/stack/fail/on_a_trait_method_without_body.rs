use mainstay::{retry, timeout};

trait Client {
    #[retry]
    #[timeout("1s")]
    async fn call(&self) -> Result<(), mainstay::Error>;
}

fn main() {}
