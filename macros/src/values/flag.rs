use crate::options::{Arg, Read, Value};

/// An option that is said by its name alone.
pub(crate) struct Flag;

impl Read for Flag {
    // A word without `=` is looked for among the options with parentheses.
    const LIST: bool = true;

    fn read(arg: &Arg) -> syn::Result<Self> {
        match (&arg.value, &arg.key) {
            (Value::Flag, _) => Ok(Self),
            (_, Some(key)) => {
                Err(syn::Error::new(key.span(), format!("`{key}` stands alone: it takes no value")))
            }
            (_, None) => Err(syn::Error::new(arg.span(), "expected an option")),
        }
    }
}
