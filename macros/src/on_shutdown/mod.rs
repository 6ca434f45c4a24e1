//! `#[on_shutdown]`.

mod after;
mod check;
mod read;
mod write;

use quote::quote;

use crate::{
    entry::{Addition, Beside},
    item::misplaced,
};

pub(crate) const BESIDE: Beside = Beside {
    on_function: |options, function, errors| {
        let model = read::Model::read(options, errors);
        model.check(function, errors);
        Addition { statements: model.write(function), documentation: model.documentation() }
    },
    elsewhere: |_, item| {
        let error = misplaced("on_shutdown", &item).into_compile_error();
        quote!(#error #item)
    },
};
