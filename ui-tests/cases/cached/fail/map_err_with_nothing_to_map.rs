use mainstay::{cached, retry, timeout};

#[derive(Clone)]
struct Foreign;

fn foreign(_: mainstay::Error) -> Foreign {
    Foreign
}

#[cached(ttl = "60s", map_err = foreign)]
async fn get(id: u64) -> Result<u64, Foreign> {
    Ok(id)
}

#[cached(ttl = "60s")]
#[retry(map_err = foreign)]
async fn get_twice(id: u64) -> Result<u64, Foreign> {
    Ok(id)
}

#[retry(map_err = foreign)]
#[timeout("1s", map_err = foreign)]
async fn get_in_time(id: u64) -> Result<u64, Foreign> {
    Ok(id)
}

fn main() {}
