//! A macro writes the annotated function, and names the crate by `$crate`.
#![deny(warnings)]

pub use mainstay;

macro_rules! client {
    ($name:ident, $error:ty, $limit:literal) => {
        #[mainstay::retry(max_attempts = $limit, retry_if = |_| true, crate = $crate::mainstay)]
        #[mainstay::bulkhead($limit, crate = $crate::mainstay)]
        fn $name(order: u32) -> Result<u32, $error> {
            Ok(order)
        }
    };
}

client!(call, mainstay::Error, 5);

fn main() {
    assert!(call(1).is_ok());
}
