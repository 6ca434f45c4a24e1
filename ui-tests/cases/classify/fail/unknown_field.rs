use mainstay::Classify;

#[derive(Classify)]
enum Fault {
    #[throttled(retry_after = wait)]
    Busy { after: std::time::Duration, code: u16 },
    #[throttled(retry_after = after)]
    Late,
}

fn main() {}
