use mainstay::bulkhead;

fn to_text(error: mainstay::Error) -> String {
    error.to_string()
}

#[bulkhead(5, map_err = to_text)]
fn call() -> Result<u32, std::io::Error> {
    Ok(1)
}

fn main() {}
