use std::sync::Arc;

use mainstay::{
    rate_limit,
    store::{BoxFuture, Store, StoreError},
};

struct Files;

impl Store for Files {
    fn describe(&self) -> String {
        "files".to_owned()
    }

    fn ping(&self) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async { Ok(()) })
    }
}

#[rate_limit("100/s", store = files)]
async fn call(files: Arc<Files>) -> Result<(), mainstay::Error> {
    Ok(())
}

#[rate_limit("100/s", store = files)]
fn call_sync(files: &'static Files) -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
