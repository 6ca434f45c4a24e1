use mainstay::throttle;

#[throttle(k = -1, window = "soon", minimum_calls = 1.5, colour = red)]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
