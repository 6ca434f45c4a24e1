//! Checks of what the process runs on: memory and load, from `/proc` and the files of the control group. They ask nobody
//! outside of the machine.

mod load;
mod memory;
mod read;

pub use load::Load;
pub use memory::Memory;
