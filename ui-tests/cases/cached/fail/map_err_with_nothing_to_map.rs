use mainstay::{cached, retry, timeout};

#[derive(Clone)]
struct Foreign;

fn foreign(_: mainstay::Error) -> Foreign {
    Foreign
}

#[retry(map_err = foreign)]
async fn get_twice(id: u64) -> Result<u64, Foreign> {
    Ok(id)
}

// A call that waits for another's load is refused when its caller has no more time.
#[cached(ttl = "60s", map_err = foreign)]
async fn get(id: u64) -> Result<u64, Foreign> {
    Ok(id)
}

#[retry(map_err = foreign)]
#[timeout("1s", map_err = foreign)]
async fn get_in_time(id: u64) -> Result<u64, Foreign> {
    Ok(id)
}

fn main() {}
