use mainstay::timeout;

struct Client;

impl Client {
    #[timeout("2s", blocking = thread)]
    fn call(&self) -> Result<(), mainstay::Error> {
        Ok(())
    }
}

fn main() {}
