use std::fmt::Write;

use serde::{Serialize, Serializer, ser::Impossible};

use super::CanonicalError;

/// Writes the key of a map as the name it has in JSON: a text as it is, a number or a `bool` as its text.
pub(super) struct NameSerializer<'a>(pub(super) &'a mut String);

type Result<T = ()> = std::result::Result<T, CanonicalError>;
type Never = Impossible<(), CanonicalError>;

impl NameSerializer<'_> {
    fn put(self, text: &str) -> Result {
        self.0.push_str(text);
        Ok(())
    }

    fn float<F: ryu_js::Float>(self, float: F, is_finite: bool) -> Result {
        if !is_finite {
            return Err(CanonicalError::new("the key of a map is no finite number"));
        }
        self.put(ryu_js::Buffer::new().format_finite(float))
    }
}

fn no_name<T>() -> Result<T> {
    Err(CanonicalError::new("the key of a map is neither a text nor a number, as the names of JSON are"))
}

macro_rules! written {
    ($($method:ident $number:ty;)*) => {$(
        fn $method(self, value: $number) -> Result {
            // Writing to a string never fails.
            let _ = write!(self.0, "{value}");
            Ok(())
        }
    )*};
}

impl Serializer for NameSerializer<'_> {
    type Ok = ();
    type Error = CanonicalError;
    type SerializeSeq = Never;
    type SerializeTuple = Never;
    type SerializeTupleStruct = Never;
    type SerializeTupleVariant = Never;
    type SerializeMap = Never;
    type SerializeStruct = Never;
    type SerializeStructVariant = Never;

    written! {
        serialize_bool bool;
        serialize_char char;
        serialize_i8 i8;
        serialize_i16 i16;
        serialize_i32 i32;
        serialize_i64 i64;
        serialize_i128 i128;
        serialize_u8 u8;
        serialize_u16 u16;
        serialize_u32 u32;
        serialize_u64 u64;
        serialize_u128 u128;
    }

    fn serialize_f32(self, value: f32) -> Result {
        self.float(value, value.is_finite())
    }

    fn serialize_f64(self, value: f64) -> Result {
        self.float(value, value.is_finite())
    }

    fn serialize_str(self, value: &str) -> Result {
        self.put(value)
    }

    fn serialize_bytes(self, _value: &[u8]) -> Result {
        no_name()
    }

    fn serialize_none(self) -> Result {
        no_name()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result {
        no_name()
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Result {
        no_name()
    }

    fn serialize_unit_variant(self, _name: &'static str, _index: u32, variant: &'static str) -> Result {
        self.put(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _name: &'static str, value: &T) -> Result {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        _variant: &'static str,
        _value: &T,
    ) -> Result {
        no_name()
    }

    fn serialize_seq(self, _len: Option<usize>) -> Result<Never> {
        no_name()
    }

    fn serialize_tuple(self, _len: usize) -> Result<Never> {
        no_name()
    }

    fn serialize_tuple_struct(self, _name: &'static str, _len: usize) -> Result<Never> {
        no_name()
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        _variant: &'static str,
        _len: usize,
    ) -> Result<Never> {
        no_name()
    }

    fn serialize_map(self, _len: Option<usize>) -> Result<Never> {
        no_name()
    }

    fn serialize_struct(self, _name: &'static str, _len: usize) -> Result<Never> {
        no_name()
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        _variant: &'static str,
        _len: usize,
    ) -> Result<Never> {
        no_name()
    }
}
