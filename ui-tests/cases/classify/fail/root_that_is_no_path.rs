use mainstay::Classify;

#[derive(Classify)]
#[classify(root = "mainstay")]
enum Fault {
    Down,
}

fn main() {}
