use mainstay::Classify;

#[derive(Classify)]
enum Fault {
    Busy {
        #[transient]
        code: u16,
    },
}

fn main() {}
