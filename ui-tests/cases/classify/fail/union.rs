use mainstay::Classify;

#[derive(Classify)]
union Fault {
    code: u32,
}

fn main() {}
