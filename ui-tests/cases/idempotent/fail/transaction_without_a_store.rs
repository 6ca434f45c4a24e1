use mainstay::idempotent;

struct Transaction;

#[idempotent(key = id, transaction = tx)]
async fn call(tx: &mut Transaction, id: u32) -> Result<u32, mainstay::Error> {
    let _ = tx;
    Ok(id)
}

fn main() {}
