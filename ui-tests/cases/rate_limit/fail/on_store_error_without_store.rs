use mainstay::rate_limit;

#[rate_limit("100/s", on_store_error = open)]
async fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
