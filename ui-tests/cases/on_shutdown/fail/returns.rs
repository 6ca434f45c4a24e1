#[mainstay::on_shutdown]
fn count() -> u64 {
    5
}

struct Silent;

#[mainstay::on_shutdown]
async fn fails() -> Result<(), Silent> {
    Ok(())
}

fn main() {}
