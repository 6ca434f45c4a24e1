use mainstay::Classify;

#[derive(Classify)]
enum Fault {
    #[transient(retry_after = "5s")]
    Busy,
    #[permanent = true]
    Wrong,
}

fn main() {}
