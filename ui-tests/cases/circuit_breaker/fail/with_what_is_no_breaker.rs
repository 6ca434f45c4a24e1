use mainstay::circuit_breaker;

struct Client {
    breaker: u32,
}

impl Client {
    #[circuit_breaker(with = self.breaker)]
    fn call(&self) -> Result<(), mainstay::Error> {
        Ok(())
    }
}

fn main() {}
