//! How generated code finds the class of an error whose traits it cannot know: method resolution tries, for a value, its
//! own methods, then those of a trait, then the same of a reference and of an exclusive one (the technique is known as
//! autoref specialisation). All of them on one value and with one trait: this is resolved in every annotated function.

use std::{error::Error as StdError, ops::Deref};

use super::{Class, Classify};

/// Holds the error whose class is asked for.
#[derive(Debug)]
pub struct Probe<'a, E: ?Sized>(pub &'a E);

/// First choice: the type classifies itself.
impl<E: Classify + ?Sized> Probe<'_, E> {
    /// The class.
    #[inline]
    pub fn class(self) -> Class {
        self.0.classify()
    }
}

/// The choices after the first.
pub trait OtherProbe {
    /// The class.
    fn class(self) -> Class;
}

/// Second choice: a pointer to an error object, such as `anyhow::Error`, `eyre::Report` or `Box<dyn Error>`.
impl<E> OtherProbe for Probe<'_, E>
where
    E: Deref + ?Sized,
    E::Target: ErrorObject,
{
    #[inline]
    fn class(self) -> Class {
        self.0.deref().class_of_chain()
    }
}

/// Third choice: an error that may carry one of ours as its source.
impl<E: StdError + 'static> OtherProbe for &Probe<'_, E> {
    #[inline]
    fn class(self) -> Class {
        class_of_chain(self.0)
    }
}

/// Last choice: nothing is known.
impl<E: ?Sized> OtherProbe for &mut Probe<'_, E> {
    #[inline]
    fn class(self) -> Class {
        Class::Transient
    }
}

/// The error objects of the standard library.
pub trait ErrorObject {
    /// The class of the first of our errors in the chain of sources.
    fn class_of_chain(&self) -> Class;
}

impl ErrorObject for dyn StdError + 'static {
    fn class_of_chain(&self) -> Class {
        class_of_chain(self)
    }
}

impl ErrorObject for dyn StdError + Send + 'static {
    fn class_of_chain(&self) -> Class {
        class_of_chain(self)
    }
}

impl ErrorObject for dyn StdError + Send + Sync + 'static {
    fn class_of_chain(&self) -> Class {
        class_of_chain(self)
    }
}

/// A boxed error says what it is by the refusal of a policy that it is or was caused by. Else it is transient.
impl Classify for dyn StdError + 'static {
    fn classify(&self) -> Class {
        class_of_chain(self)
    }
}

/// As that of any boxed error.
impl Classify for dyn StdError + Send + 'static {
    fn classify(&self) -> Class {
        class_of_chain(self)
    }
}

/// As that of any boxed error.
impl Classify for dyn StdError + Send + Sync + 'static {
    fn classify(&self) -> Class {
        class_of_chain(self)
    }
}

#[cold]
fn class_of_chain(error: &(dyn StdError + 'static)) -> Class {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(own) = error.downcast_ref::<crate::Error>() {
            return own.classify();
        }
        next = error.source();
    }
    Class::Transient
}

#[cfg(test)]
mod tests {
    use std::{error::Error as StdError, fmt, time::Duration};

    use crate::{
        __class_of,
        classify::{Class, Classify},
    };

    #[derive(Debug)]
    struct Wrapped(crate::Error);
    impl fmt::Display for Wrapped {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("wrapped")
        }
    }
    impl StdError for Wrapped {
        fn source(&self) -> Option<&(dyn StdError + 'static)> {
            Some(&self.0)
        }
    }

    struct Silent;
    struct Says(Class);
    impl Classify for Says {
        fn classify(&self) -> Class {
            self.0
        }
    }

    #[test]
    fn a_type_that_classifies_itself_is_believed() {
        assert_eq!(__class_of!(&Says(Class::Permanent)), Class::Permanent);
    }

    #[test]
    fn a_type_that_says_nothing_is_transient() {
        assert_eq!(__class_of!(&Silent), Class::Transient);
        assert_eq!(__class_of!(&"text"), Class::Transient);
    }

    #[test]
    fn a_refusal_is_found_behind_an_error_object() {
        let open = || crate::Error::circuit_open("x", None);
        let boxed: Box<dyn StdError + Send + Sync> = Box::new(open());
        assert_eq!(__class_of!(&boxed), Class::Ignored);
        let local: Box<dyn StdError> = Box::new(Wrapped(open()));
        assert_eq!(__class_of!(&local), Class::Ignored);
        assert_eq!(__class_of!(&Wrapped(open())), Class::Ignored);
        assert_eq!(__class_of!(&open()), Class::Ignored);
        assert_eq!(__class_of!(&crate::Error::timed_out("x", Duration::from_secs(1))), Class::Transient);
    }

    #[test]
    fn a_generic_error_is_known_by_its_bounds() {
        fn bounded<E: Classify>(error: &E) -> Class {
            __class_of!(error)
        }
        fn unbounded<E>(error: &E) -> Class {
            __class_of!(error)
        }
        assert_eq!(bounded(&Says(Class::Permanent)), Class::Permanent);
        assert_eq!(unbounded(&Says(Class::Permanent)), Class::Transient);
    }
}
