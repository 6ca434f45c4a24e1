use mainstay::cached;

struct Down;

impl From<mainstay::Error> for Down {
    fn from(_: mainstay::Error) -> Self {
        Down
    }
}

#[cached(ttl = "60s", cache_err = "5s")]
async fn get(id: u64) -> Result<u64, Down> {
    Ok(id)
}

fn main() {}
