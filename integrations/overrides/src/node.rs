/// What a file says, whatever its format: texts in mappings.
#[derive(Debug)]
pub(crate) struct Node {
    /// The line on which it begins, from 1.
    pub(crate) line: usize,
    pub(crate) value: Value,
}

#[derive(Debug)]
pub(crate) enum Value {
    /// Nothing, as after `policies:` with nothing below it.
    Nothing,
    /// As it is written, without quotes.
    Text(String),
    /// In the order of the file.
    Mapping(Vec<Field>),
    /// What no option takes, in words.
    Other(&'static str),
}

#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) line: usize,
    pub(crate) key: String,
    pub(crate) node: Node,
}

/// Why a text is none of its format: the line, and what to do.
pub(crate) type Fault = (usize, String);

impl Value {
    /// What it is, in words.
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Text(_) => "a value",
            Self::Mapping(_) => "a mapping",
            Self::Other(word) => word,
        }
    }
}
