//! Health checks of the system that take more than reading a file: [`Disk`]. Memory and load are in
//! `mainstay_runtime::health`.

#![cfg(unix)]

mod disk;

pub use disk::Disk;
