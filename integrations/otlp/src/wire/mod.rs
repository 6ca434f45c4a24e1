//! The wire format of Protocol Buffers, as far as OTLP needs it: see `docs/decisions/0044`.

mod reader;
mod writer;

pub(crate) use reader::Fields;
pub(crate) use writer::Writer;
