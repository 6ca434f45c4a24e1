use mainstay::idempotent;

#[idempotent(ttl = 5, fingerprint(amount), lease = "1s", in_flight = reject, max_wait = "1s", kee = id)]
async fn call(id: u32) -> Result<u32, mainstay::Error> {
    let _ = id;
    Ok(1)
}

fn main() {}
