use mainstay::bulkhead;

struct Client {
    limit: u32,
}

impl Client {
    #[bulkhead(self.limit)]
    fn call(&self) -> Result<u32, mainstay::Error> {
        Ok(self.limit)
    }
}

fn main() {}
