use mainstay::retry;

#[retry(budget = "")]
async fn nameless() -> Result<(), mainstay::Error> {
    Ok(())
}

#[retry(budget = 0)]
async fn nothing() -> Result<(), mainstay::Error> {
    Ok(())
}

#[retry(budget = within(payments))]
async fn without_quotes() -> Result<(), mainstay::Error> {
    Ok(())
}

#[retry(budget = "payments", with = RETRY)]
async fn beside_with() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
