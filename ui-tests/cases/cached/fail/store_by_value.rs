use mainstay::{
    cached,
    store::{BoxFuture, Store, StoreError},
};

struct Answers;

impl Store for Answers {
    fn describe(&self) -> String {
        "answers".to_owned()
    }

    fn ping(&self) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async { Ok(()) })
    }
}

struct Users {
    answers: Answers,
}

impl Users {
    #[cached(ttl = "60s", store = self.answers)]
    async fn get(&self, id: u64) -> Result<u64, mainstay::Error> {
        Ok(id)
    }
}

fn main() {}
