use std::path::PathBuf;

use mainstay_runtime::overrides::{Known, Problem, Said};

use crate::{
    file::{self, Found},
    node::{Fault, Node},
    shape::Shape,
};

/// A text in a file or at hand, of whatever format.
#[derive(Debug, Clone)]
pub(crate) struct Document {
    text: Text,
    optional: bool,
    under: Option<String>,
}

#[derive(Debug, Clone)]
enum Text {
    File(PathBuf),
    Given { name: String, text: String },
}

impl Document {
    pub(crate) fn file(path: PathBuf) -> Self {
        Self { text: Text::File(path), optional: false, under: None }
    }

    pub(crate) fn text(name: String, text: String) -> Self {
        Self { text: Text::Given { name, text }, optional: false, under: None }
    }

    pub(crate) fn optional(self) -> Self {
        Self { optional: true, ..self }
    }

    pub(crate) fn under(self, key: String) -> Self {
        Self { under: Some(key), ..self }
    }

    pub(crate) fn read(&self, known: &Known, parse: impl FnOnce(&str) -> Result<Node, Vec<Fault>>) -> Said {
        let (name, text) = match &self.text {
            Text::Given { name, text } => (name.clone(), text.clone()),
            Text::File(path) => {
                let name = path.display().to_string();
                match file::text(path) {
                    Ok(Found::Text(text)) => (name, text),
                    Ok(Found::Missing) if self.optional => return Said::new(),
                    Ok(Found::Missing) => {
                        let problem = "it is not there; write it, or make it `optional`";
                        return Problem::new(name, "", problem).into();
                    }
                    Err((line, problem)) => {
                        let place = line.map_or(name.clone(), |line| format!("{name}:{line}"));
                        return Problem::new(place, "", problem).into();
                    }
                }
            }
        };
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        let (under, attributes) = (self.under.as_deref(), known.attributes());
        let mut shape = Shape { name: &name, under, optional: self.optional, attributes, said: Said::new() };
        match parse(text) {
            Ok(root) => shape.read(root),
            Err(faults) => {
                for (line, problem) in faults {
                    shape.said.fail(Problem::new(format!("{name}:{line}"), "", problem));
                }
            }
        }
        shape.said
    }
}

macro_rules! source {
    ($(#[doc = $doc:literal])* $name:ident, $parse:path) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone)]
        pub struct $name($crate::document::Document);

        impl $name {
            /// A file, read at each load. One of more than a mebibyte is refused.
            pub fn file(path: impl Into<std::path::PathBuf>) -> Self {
                Self($crate::document::Document::file(path.into()))
            }

            /// A text that is at hand, such as one from a configuration service. `name` is how errors call it.
            pub fn text(name: impl Into<String>, text: impl Into<String>) -> Self {
                Self($crate::document::Document::text(name.into(), text.into()))
            }

            /// A file that is not there, or has not the key of [`under`](Self::under), sets nothing and is no error.
            #[must_use]
            pub fn optional(self) -> Self {
                Self(self.0.optional())
            }

            /// Reads what stands under this key, in a file that holds other things, too.
            #[must_use]
            pub fn under(self, key: impl Into<String>) -> Self {
                Self(self.0.under(key.into()))
            }
        }

        impl mainstay_runtime::overrides::Source for $name {
            fn read(
                &self,
                known: &mainstay_runtime::overrides::Known,
            ) -> mainstay_runtime::overrides::Said {
                self.0.read(known, $parse)
            }
        }
    };
}

pub(crate) use source;
