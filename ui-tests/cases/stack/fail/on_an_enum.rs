use mainstay::retry;

#[retry]
enum Client {
    Live,
    Test,
}

fn main() {}
