use mainstay::hedge::Hedge;

#[mainstay::hedge(with = hedge, after = "50ms", max = 2, safe)]
async fn call(hedge: &Hedge) -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
