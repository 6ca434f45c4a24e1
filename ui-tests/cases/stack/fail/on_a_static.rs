use mainstay::retry;

#[retry]
static LIMIT: u32 = 5;

fn main() {}
