#![deny(warnings)]

use mainstay::retry;

#[derive(Clone, Copy)]
struct Id(u32);

fn take(id: Id) -> u32 {
    id.0
}

// A `Copy` type that only rustc knows to be one may be passed on by value.
#[retry]
fn copied(id: Id) -> Result<u32, mainstay::Error> {
    Ok(take(id))
}

#[retry]
fn borrowed(text: &str, list: &mut Vec<String>) -> Result<usize, mainstay::Error> {
    list.push(text.to_owned());
    Ok(list.len())
}

#[retry(clone(text))]
fn cloned(mut text: String) -> Result<usize, mainstay::Error> {
    text.push('a');
    Ok(text.into_bytes().len())
}

#[retry]
fn shadowed(text: String) -> Result<usize, mainstay::Error> {
    let text = text.as_str();
    let kept = text;
    Ok(kept.len())
}

fn main() {
    assert!(copied(Id(1)).is_ok());
    assert!(borrowed("a", &mut Vec::new()).is_ok());
    assert!(cloned(String::new()).is_ok());
    assert!(shadowed(String::new()).is_ok());
}
