use crate::{
    options::options,
    values::{Function, Text},
};

options! {
    /// The options that every attribute takes.
    pub(crate) struct Common {
        /// The policy's name, the same as a text in the first place. Default: module path and function.
        name: Text,
        /// Turns `mainstay::Error` into the function's error where that is not `From<mainstay::Error>`.
        map_err: Function,
    }
}
