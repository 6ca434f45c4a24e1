use std::fmt;

use serde::{Serialize, Serializer};

use super::{
    compound::Compound,
    value::{Look, finite},
};

/// serde_json's serializer behind a look at what it is given.
pub(super) struct Checking<'a, S> {
    pub(super) inner: S,
    pub(super) look: Look<'a>,
}

impl<'a, S> Checking<'a, S> {
    fn compound<C, E>(self, begin: impl FnOnce(S) -> Result<C, E>) -> Result<Compound<'a, C>, E> {
        begin(self.inner).map(|inner| Compound { inner, look: self.look.inside(), count: 0 })
    }
}

macro_rules! pass_on {
    ($($method:ident($($name:ident: $ty:ty),*))*) => {$(
        fn $method(self, $($name: $ty),*) -> Result<S::Ok, S::Error> {
            self.inner.$method($($name),*)
        }
    )*};
}

macro_rules! compounds {
    ($($method:ident($($name:ident: $ty:ty),*) -> $kind:ident)*) => {$(
        fn $method(self, $($name: $ty),*) -> Result<Self::$kind, S::Error> {
            self.compound(|inner| inner.$method($($name),*))
        }
    )*};
}

impl<'a, S: Serializer> Serializer for Checking<'a, S> {
    type Ok = S::Ok;
    type Error = S::Error;
    type SerializeSeq = Compound<'a, S::SerializeSeq>;
    type SerializeTuple = Compound<'a, S::SerializeTuple>;
    type SerializeTupleStruct = Compound<'a, S::SerializeTupleStruct>;
    type SerializeTupleVariant = Compound<'a, S::SerializeTupleVariant>;
    type SerializeMap = Compound<'a, S::SerializeMap>;
    type SerializeStruct = Compound<'a, S::SerializeStruct>;
    type SerializeStructVariant = Compound<'a, S::SerializeStructVariant>;

    pass_on! {
        serialize_bool(value: bool)
        serialize_i8(value: i8)
        serialize_i16(value: i16)
        serialize_i32(value: i32)
        serialize_i64(value: i64)
        serialize_i128(value: i128)
        serialize_u8(value: u8)
        serialize_u16(value: u16)
        serialize_u32(value: u32)
        serialize_u64(value: u64)
        serialize_u128(value: u128)
        serialize_char(value: char)
        serialize_str(value: &str)
        serialize_bytes(value: &[u8])
        serialize_unit_variant(name: &'static str, index: u32, variant: &'static str)
    }

    fn serialize_f32(self, value: f32) -> Result<S::Ok, S::Error> {
        finite(value.is_finite())?;
        self.inner.serialize_f32(value)
    }

    fn serialize_f64(self, value: f64) -> Result<S::Ok, S::Error> {
        finite(value.is_finite())?;
        self.inner.serialize_f64(value)
    }

    fn serialize_none(self) -> Result<S::Ok, S::Error> {
        self.look.null()?;
        self.inner.serialize_none()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<S::Ok, S::Error> {
        self.inner.serialize_some(&self.look.of_some().at(value))
    }

    fn serialize_unit(self) -> Result<S::Ok, S::Error> {
        self.look.null()?;
        self.inner.serialize_unit()
    }

    fn serialize_unit_struct(self, name: &'static str) -> Result<S::Ok, S::Error> {
        self.look.null()?;
        self.inner.serialize_unit_struct(name)
    }

    /// It is written as what it holds: in a `Some`, that must not be `null` either.
    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Result<S::Ok, S::Error> {
        self.inner.serialize_newtype_struct(name, &self.look.at(value))
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<S::Ok, S::Error> {
        let look = self.look.inside();
        self.inner
            .serialize_newtype_variant(name, index, variant, &look.at(value))
            .map_err(look.found_in(variant))
    }

    compounds! {
        serialize_seq(len: Option<usize>) -> SerializeSeq
        serialize_tuple(len: usize) -> SerializeTuple
        serialize_tuple_struct(name: &'static str, len: usize) -> SerializeTupleStruct
        serialize_tuple_variant(name: &'static str, index: u32, variant: &'static str, len: usize) -> SerializeTupleVariant
        serialize_map(len: Option<usize>) -> SerializeMap
        serialize_struct(name: &'static str, len: usize) -> SerializeStruct
        serialize_struct_variant(name: &'static str, index: u32, variant: &'static str, len: usize) -> SerializeStructVariant
    }

    fn collect_str<T: fmt::Display + ?Sized>(self, value: &T) -> Result<S::Ok, S::Error> {
        self.inner.collect_str(value)
    }

    fn is_human_readable(&self) -> bool {
        self.inner.is_human_readable()
    }
}
