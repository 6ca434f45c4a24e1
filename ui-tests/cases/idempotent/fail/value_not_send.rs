use std::rc::Rc;

use mainstay::idempotent;

#[idempotent(key = id)]
fn call(id: u32) -> Result<Rc<u32>, mainstay::Error> {
    Ok(Rc::new(id))
}

fn main() {}
