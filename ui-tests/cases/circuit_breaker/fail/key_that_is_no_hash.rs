use mainstay::circuit_breaker;

struct Tenant;

#[circuit_breaker(key = tenant)]
fn call(tenant: &Tenant) -> Result<(), mainstay::Error> {
    let _ = tenant;
    Ok(())
}

fn main() {}
