use mainstay::hedge;

struct Order(u32);

#[hedge(safe)]
async fn call(order: Order) -> Result<u32, mainstay::Error> {
    let Order(number) = order;
    Ok(number)
}

fn main() {}
