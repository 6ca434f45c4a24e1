use mainstay::time_it;

#[time_it("query", labels(kind = true))]
fn call() {}

#[time_it("query", slo = 1)]
fn other() {}

fn main() {}
