use mainstay::Classify;

#[derive(Classify)]
#[throttled(retry_after = wait)]
struct Fault {
    after: std::time::Duration,
}

fn main() {}
