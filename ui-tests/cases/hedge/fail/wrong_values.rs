use mainstay::hedge;

#[hedge(after = "p100", safe)]
async fn a_percentile_of_all() -> Result<(), mainstay::Error> {
    Ok(())
}

#[hedge(after = "pretty soon", safe)]
async fn no_percentile() -> Result<(), mainstay::Error> {
    Ok(())
}

#[hedge(after = "0s", safe)]
async fn at_once() -> Result<(), mainstay::Error> {
    Ok(())
}

#[hedge(after = 50, safe)]
async fn no_unit() -> Result<(), mainstay::Error> {
    Ok(())
}

#[hedge(after = "50ms", min_after = "5ms", warm_up = 10, safe)]
async fn fixed() -> Result<(), mainstay::Error> {
    Ok(())
}

#[hedge(max = 0, safe)]
async fn none() -> Result<(), mainstay::Error> {
    Ok(())
}

#[hedge(budget = 50, safe)]
async fn per_cent() -> Result<(), mainstay::Error> {
    Ok(())
}

#[hedge(budget = BUDGET, safe)]
async fn no_budget() -> Result<(), mainstay::Error> {
    Ok(())
}

#[hedge(safe = true)]
async fn a_value_for_safe() -> Result<(), mainstay::Error> {
    Ok(())
}

#[hedge(after = "soon", safe)]
async fn no_duration(id: u64) -> Result<u64, mainstay::Error> {
    Ok(id)
}

fn main() {}
