//! `#[on_shutdown]`.

mod after;
mod check;
mod read;
mod write;

use proc_macro2::TokenStream;

use crate::{errors::Errors, item::Function};

/// What stands at the beginning of the function's body, and what its documentation says.
pub(crate) fn expand(
    options: TokenStream,
    function: &Function,
    errors: &mut Errors,
) -> (TokenStream, TokenStream) {
    let model = read::Model::read(options, errors);
    model.check(function, errors);
    (model.write(function), model.documentation())
}
