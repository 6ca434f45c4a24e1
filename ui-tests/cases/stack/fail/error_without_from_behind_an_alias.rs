use mainstay::bulkhead;

type Answer = Result<u32, std::io::Error>;

#[bulkhead(5)]
fn call() -> Answer {
    Ok(1)
}

fn main() {}
