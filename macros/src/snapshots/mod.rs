//! What attributes write. `macros/snapshots` holds a file per row of the tables here: what the user writes and what
//! comes of it. That of an option shows only what it changes in the expansion without it, which is in
//! `<attribute>.snap`.
//!
//! `INSTA_UPDATE=always cargo test -p mainstay-macros` rewrites them after a change that is meant.

mod diff;
mod expand;
mod health;
mod misuse;
mod on_shutdown;
mod options;
mod shapes;
mod stacks;
