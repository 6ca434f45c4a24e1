//! The forms of functions that an attribute goes on.
#![allow(missing_docs)]
mod smoke;
