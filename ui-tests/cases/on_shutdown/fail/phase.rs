#[mainstay::on_shutdown(phase = "flush")]
fn quoted() {}

#[mainstay::on_shutdown(phase = late)]
fn unknown() {}

#[mainstay::on_shutdown(phase = flsh)]
fn misspelt() {}

#[mainstay::on_shutdown(fase = flush)]
fn misspelt_option() {}

fn main() {}
