use mainstay::Classify;

#[derive(Classify)]
#[transient(5)]
struct Fault {
    code: u16,
}

fn main() {}
