use mainstay_runtime::trace::{Attribute, AttributeValue, Code};

use crate::wire::Writer;

/// Writes attributes as `KeyValue`s of that field.
pub(super) fn write(writer: &mut Writer<'_>, field: u32, attributes: &[Attribute]) {
    for Attribute { key, value } in attributes {
        one(writer, field, key, value);
    }
}

/// Writes where a span was made, unless its own attributes say so.
pub(super) fn write_code(writer: &mut Writer<'_>, field: u32, code: &Code, said: &[Attribute]) {
    let mut write = |key: &str, value: AttributeValue| {
        if said.iter().all(|attribute| attribute.key != key) {
            one(writer, field, key, &value);
        }
    };
    write("code.function.name", code.function.into());
    write("code.file.path", code.file.into());
    write("code.line.number", code.line.into());
}

fn one(writer: &mut Writer<'_>, field: u32, key: &str, value: &AttributeValue) {
    writer.message(field, |pair| {
        pair.text(1, key);
        pair.message(2, |any| match value {
            AttributeValue::Static(text) => any.text(1, text),
            AttributeValue::Text(text) => any.text(1, text),
            AttributeValue::Bool(value) => any.varint(2, u64::from(*value)),
            AttributeValue::I64(value) => any.varint(3, *value as u64),
            AttributeValue::F64(value) => any.fixed64(4, value.to_bits()),
        });
    });
}
