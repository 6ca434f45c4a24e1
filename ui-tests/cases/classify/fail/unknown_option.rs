use mainstay::Classify;

#[derive(Classify)]
enum Fault {
    #[throttled(after = wait)]
    Busy { wait: std::time::Duration },
}

fn main() {}
