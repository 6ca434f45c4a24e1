use mainstay::retry;

struct Client;

#[retry]
impl Client {
    fn call(&self) -> Result<(), mainstay::Error> {
        Ok(())
    }
}

fn main() {}
