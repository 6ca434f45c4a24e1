use mainstay::Classify;

#[derive(Classify)]
enum Fault {
    #[throttled(retry_after = "wait")]
    Busy { wait: std::time::Duration },
}

fn main() {}
