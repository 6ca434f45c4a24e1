use serde::{
    Serialize,
    ser::{
        SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
        SerializeTupleStruct, SerializeTupleVariant,
    },
};

use super::value::Look;

/// A list or an object that is being written.
pub(super) struct Compound<'a, C> {
    pub(super) inner: C,
    pub(super) look: Look<'a>,
    /// How many parts are written.
    pub(super) count: usize,
}

macro_rules! lists {
    ($($kind:ident $method:ident)*) => {$(
        impl<C: $kind> $kind for Compound<'_, C> {
            type Ok = C::Ok;
            type Error = C::Error;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), C::Error> {
                self.inner.$method(&self.look.at(value)).map_err(self.look.found_in(self.count))?;
                self.count += 1;
                Ok(())
            }

            fn end(self) -> Result<C::Ok, C::Error> {
                self.inner.end()
            }
        }
    )*};
}

lists! {
    SerializeSeq serialize_element
    SerializeTuple serialize_element
    SerializeTupleStruct serialize_field
    SerializeTupleVariant serialize_field
}

macro_rules! records {
    ($($kind:ident)*) => {$(
        impl<C: $kind> $kind for Compound<'_, C> {
            type Ok = C::Ok;
            type Error = C::Error;

            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                name: &'static str,
                value: &T,
            ) -> Result<(), C::Error> {
                self.inner.serialize_field(name, &self.look.at(value)).map_err(self.look.found_in(name))
            }

            fn skip_field(&mut self, name: &'static str) -> Result<(), C::Error> {
                self.inner.skip_field(name)
            }

            fn end(self) -> Result<C::Ok, C::Error> {
                self.inner.end()
            }
        }
    )*};
}

records!(SerializeStruct SerializeStructVariant);

/// Its keys are names, of which serde_json refuses those that are no finite number and no text.
impl<C: SerializeMap> SerializeMap for Compound<'_, C> {
    type Ok = C::Ok;
    type Error = C::Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), C::Error> {
        self.inner.serialize_key(key)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), C::Error> {
        self.inner.serialize_value(&self.look.at(value)).map_err(self.look.found_in(self.count))?;
        self.count += 1;
        Ok(())
    }

    fn serialize_entry<K: Serialize + ?Sized, V: Serialize + ?Sized>(
        &mut self,
        key: &K,
        value: &V,
    ) -> Result<(), C::Error> {
        self.serialize_key(key)?;
        self.inner.serialize_value(&self.look.at(value)).map_err(|error| {
            let name = serde_json::to_string(key).unwrap_or_default();
            self.look.found_in(name.trim_matches('"'))(error)
        })
    }

    fn end(self) -> Result<C::Ok, C::Error> {
        self.inner.end()
    }
}
