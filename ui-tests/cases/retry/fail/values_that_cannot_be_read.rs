use mainstay::{rate_limit, retry, timeout};

#[retry(max_attempts = = 3)]
#[rate_limit(burst = 3 +, "100/s")]
#[timeout("1s" "2s")]
async fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

#[retry(retry_on(mainstay::Error::TimedOut { .. } =>), clone(5))]
async fn lists(order: String) -> Result<String, mainstay::Error> {
    Ok(order)
}

fn main() {}
