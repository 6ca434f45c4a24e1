use mainstay::retry;

#[retry]
type Client = u32;

fn main() {}
