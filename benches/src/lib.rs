//! What one call costs, beside the peers, in one process. `README.md` says how to run it and how to read it.

pub mod markdown;
mod ours;
mod paths;
mod peers;
pub mod row;
pub mod sample;
pub mod sizes;
pub mod table;
pub mod threads;
pub mod work;

pub use paths::PATHS;
