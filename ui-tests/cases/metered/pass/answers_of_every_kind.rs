#![deny(warnings, clippy::all)]
use mainstay::{metered, metrics::LabelValue, time_it};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, LabelValue)]
enum Kind {
    Small,
    #[label("big")]
    Large,
}

struct Plain;

#[metered("plain", labels(kind = kind, again = again), slo(ok = 99.9, p95 = "1s"))]
#[time_it("plain.time")]
async fn plain(kind: Kind, again: bool) -> Plain {
    let _ = (kind, again);
    Plain
}

#[metered]
fn nothing() {}

#[time_it(buckets = ["1ms", 0.5])]
fn opaque() -> impl Iterator<Item = u32> {
    0..1
}

#[metered]
fn borrowed<'a>(text: &'a str, _other: &str) -> Result<&'a str, std::io::Error> {
    Ok(text)
}

fn main() {
    drop(plain(Kind::Small, Kind::Large == Kind::Small));
    nothing();
    let _ = opaque().count();
    let _ = borrowed("x", "y");
}
