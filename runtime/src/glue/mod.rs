//! What expanded attributes call. Not part of the public API: it changes with the macros.
