const INDEX: &str = "the index";

fn takes(_: u64) {}

#[mainstay::on_shutdown(after = INDEX)]
fn a_constant() {}

#[mainstay::on_shutdown(after = takes)]
fn takes_arguments() {}

#[mainstay::on_shutdown(after = 5)]
fn a_number() {}

#[mainstay::on_shutdown(after = [a_number, a_constant])]
fn a_list() {}

#[mainstay::on_shutdown(after())]
fn nothing() {}

fn main() {}
