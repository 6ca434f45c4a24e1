//! JSON that comes back as it went: what JSON would write as `null` and read as something else is refused.
//!
//! [`value`] is a value on its way through serde_json, [`serializer`] looks at each part before it is written, [`compound`] at
//! lists and objects.

mod compound;
mod serializer;
mod value;

pub(crate) use value::to_lossless_json;
