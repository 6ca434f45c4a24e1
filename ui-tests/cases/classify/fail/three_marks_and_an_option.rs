use mainstay::Classify;

#[derive(Classify)]
enum Fault {
    #[transient]
    #[permanent]
    #[ignored]
    Busy,
    #[transient(always)]
    Late,
}

fn main() {}
