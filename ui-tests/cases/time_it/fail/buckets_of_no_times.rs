use mainstay::time_it;

#[time_it(buckets = [0.1, "fast"])]
fn call() {}

#[time_it(buckets = [-1.0])]
fn other() {}

#[time_it(buckets = [])]
fn none() {}

fn main() {}
