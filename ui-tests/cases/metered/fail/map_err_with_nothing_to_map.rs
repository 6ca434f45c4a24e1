use mainstay::metered;

#[derive(Debug)]
struct MyError;

fn refused(_: mainstay::Error) -> MyError {
    MyError
}

#[metered(map_err = refused)]
fn call() -> Result<(), MyError> {
    Ok(())
}

fn main() {}
