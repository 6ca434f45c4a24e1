use mainstay::retry;

struct Ticket;

#[retry(clone(ticket))]
fn call(ticket: Ticket) -> Result<usize, mainstay::Error> {
    drop(ticket);
    Ok(1)
}

fn main() {}
