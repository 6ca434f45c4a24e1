use mainstay::chaos;

#[chaos(latency = "200ms", latency_rate = 0.1)]
fn call() -> u32 {
    1
}

fn main() {}
