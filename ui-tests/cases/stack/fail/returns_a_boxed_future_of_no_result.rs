use mainstay::timeout;

#[timeout("1s")]
fn call(number: u32) -> std::pin::Pin<Box<dyn Future<Output = u32>>> {
    Box::pin(async move { number })
}

fn main() {}
