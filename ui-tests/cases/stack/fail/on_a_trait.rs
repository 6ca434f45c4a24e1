use mainstay::retry;

#[retry]
trait Client {
    fn call(&self) -> Result<(), mainstay::Error>;
}

fn main() {}
