use mainstay::retry;

#[retry]
struct Client {
    url: String,
}

fn main() {}
