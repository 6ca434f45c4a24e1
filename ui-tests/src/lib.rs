//! What the compiler says when a Mainstay attribute is misused: see `tests/ui.rs` and `cases/`; and what it says to
//! functions that nobody wrote: see [`generator`].

pub mod generator;
