use mainstay::timeout;
use std::sync::Arc;

struct Client {
    limit: mainstay::timeout::Timeout,
}

impl Client {
    #[timeout(with = self.limit, blocking = thread)]
    fn call(self: Arc<Self>) -> Result<usize, mainstay::Error> {
        Ok(Arc::strong_count(&self))
    }
}

fn main() {}
