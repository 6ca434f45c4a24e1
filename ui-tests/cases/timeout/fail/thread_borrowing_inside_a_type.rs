use mainstay::timeout;
use std::pin::Pin;

struct Pair<'a>(&'a str);

#[timeout("1s", blocking = thread)]
fn call(pair: Pair<'_>, count: Option<&mut u32>, text: Option<&'static str>, by: fn(&str)) -> Result<usize, mainstay::Error> {
    by(text.unwrap_or_default());
    Ok(pair.0.len() + count.map_or(0, |count| *count as usize))
}

struct Client(u32);

impl Client {
    #[timeout("1s", blocking = thread)]
    fn get(self: Pin<&mut Self>) -> Result<u32, mainstay::Error> {
        Ok(self.0)
    }
}

fn main() {}
