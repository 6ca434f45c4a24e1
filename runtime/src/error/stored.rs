use std::{
    any::{Any, type_name},
    fmt,
    sync::Arc,
};

/// A value of whatever type that an [`Error::Duplicate`](crate::Error::Duplicate) carries. Cloning shares it.
#[derive(Clone)]
pub struct Stored {
    value: Arc<dyn Any + Send + Sync>,
    type_name: &'static str,
}

impl Stored {
    /// Holds `value`.
    pub fn new<T: Send + Sync + 'static>(value: T) -> Self {
        Self { value: Arc::new(value), type_name: type_name::<T>() }
    }

    pub(crate) fn shared<T: 'static>(value: Arc<dyn Any + Send + Sync>) -> Self {
        Self { value, type_name: type_name::<T>() }
    }

    /// The value, if it is a `T`.
    pub fn get<T: 'static>(&self) -> Option<&T> {
        self.value.downcast_ref()
    }
}

/// Two are equal if they are one and the same value.
impl PartialEq for Stored {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.value, &other.value)
    }
}

impl fmt::Debug for Stored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Stored({})", self.type_name)
    }
}
