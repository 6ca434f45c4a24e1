use serde::{
    Serialize,
    ser::{
        SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
        SerializeTupleStruct, SerializeTupleVariant,
    },
};

use super::{CanonicalError, Output, name::NameSerializer, output::Frame};

/// A list that is being written.
pub(crate) struct List<'a> {
    output: &'a mut Output,
    count: usize,
    close: &'static str,
}

impl<'a> List<'a> {
    pub(super) fn begin(output: &'a mut Output, close: &'static str) -> Self {
        output.push("[");
        Self { output, count: 0, close }
    }

    fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), CanonicalError> {
        if self.count > 0 {
            self.output.push(",");
        }
        value.serialize(&mut *self.output).map_err(|error| error.inside(self.count))?;
        self.count += 1;
        Ok(())
    }

    fn close(self) {
        self.output.push(self.close);
    }
}

macro_rules! lists {
    ($($kind:ident $method:ident)*) => {$(
        impl $kind for List<'_> {
            type Ok = ();
            type Error = CanonicalError;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), CanonicalError> {
                self.element(value)
            }

            fn end(self) -> Result<(), CanonicalError> {
                self.close();
                Ok(())
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

/// An object that is being written.
pub(crate) struct Object<'a> {
    output: &'a mut Output,
    frame: Frame,
    name: String,
    /// What follows its brace.
    close: &'static str,
}

impl<'a> Object<'a> {
    pub(super) fn begin(output: &'a mut Output, close: &'static str) -> Self {
        let frame = output.begin_object();
        Self { output, frame, name: String::new(), close }
    }

    fn member<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> Result<(), CanonicalError> {
        self.output.begin_member(&self.frame, name);
        value.serialize(&mut *self.output).map_err(|error| error.inside(name))?;
        self.output.end_member();
        Ok(())
    }

    fn close(self) -> Result<(), CanonicalError> {
        self.output.end_object(&self.frame)?;
        self.output.push(self.close);
        Ok(())
    }
}

impl SerializeMap for Object<'_> {
    type Ok = ();
    type Error = CanonicalError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), CanonicalError> {
        self.name.clear();
        key.serialize(NameSerializer(&mut self.name))
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), CanonicalError> {
        let name = std::mem::take(&mut self.name);
        self.member(&name, value)?;
        self.name = name;
        Ok(())
    }

    fn end(self) -> Result<(), CanonicalError> {
        self.close()
    }
}

/// A struct that is being written: an object, or what serde_json hides in one.
pub(crate) enum Record<'a> {
    Object(Object<'a>),
    /// A number of arbitrary precision.
    Number(&'a mut Output),
    /// JSON that was not read.
    Raw(&'a mut Output),
}

impl<'a> Record<'a> {
    pub(super) fn begin(output: &'a mut Output, name: &'static str) -> Self {
        match name.strip_prefix("$serde_json::private::") {
            Some("Number") => Self::Number(output),
            Some("RawValue") => Self::Raw(output),
            _ => Self::Object(Object::begin(output, "")),
        }
    }

    fn field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), CanonicalError> {
        match self {
            Self::Object(object) => object.member(name, value),
            Self::Number(output) => output.decimal(&hidden(value)?),
            Self::Raw(output) => {
                let value: serde_json::Value = serde_json::from_str(&hidden(value)?).map_err(foreign)?;
                value.serialize(&mut **output)
            }
        }
    }

    fn close(self) -> Result<(), CanonicalError> {
        match self {
            Self::Object(object) => object.close(),
            Self::Number(_) | Self::Raw(_) => Ok(()),
        }
    }
}

/// The text in a struct of serde_json's own.
fn hidden<T: Serialize + ?Sized>(value: &T) -> Result<String, CanonicalError> {
    let value = serde_json::to_value(value).map_err(foreign)?;
    value.as_str().map(str::to_owned).ok_or_else(|| CanonicalError::new("a number or JSON that is no text"))
}

fn foreign(error: serde_json::Error) -> CanonicalError {
    CanonicalError::new(error.to_string())
}

macro_rules! records {
    ($($kind:ident)*) => {$(
        impl $kind for Record<'_> {
            type Ok = ();
            type Error = CanonicalError;

            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                name: &'static str,
                value: &T,
            ) -> Result<(), CanonicalError> {
                self.field(name, value)
            }

            fn end(self) -> Result<(), CanonicalError> {
                self.close()
            }
        }
    )*};
}

records!(SerializeStruct SerializeStructVariant);
