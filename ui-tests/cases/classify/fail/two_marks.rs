use mainstay::Classify;

#[derive(Classify)]
enum Fault {
    #[transient]
    #[permanent]
    Busy,
}

fn main() {}
