use mainstay::cached;

struct Connection;

#[cached(ttl = "60s")]
async fn connect(id: u64) -> Result<Connection, mainstay::Error> {
    let _ = id;
    Ok(Connection)
}

fn main() {}
