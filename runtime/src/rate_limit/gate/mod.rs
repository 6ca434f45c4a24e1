//! One limit, as a request goes through it: that of a limiter, or that of one of its keys.

mod key;
mod one;

pub(super) use key::KeyGate;
