use mainstay::retry;

#[retry]
mod client {
    pub fn call() {}
}

fn main() {}
