use mainstay::Classify;

#[derive(Classify)]
enum Fault {
    #[throttled(retry_after = seconds)]
    Busy { seconds: u64 },
}

fn main() {}
