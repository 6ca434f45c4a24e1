//! What the compiler says when a Mainstay attribute is misused: see `tests/ui.rs` and `cases/`.
