//! `#[derive(LabelValue)]`.

mod read;
mod write;

use proc_macro2::TokenStream;

pub(crate) fn expand(item: TokenStream) -> syn::Result<TokenStream> {
    read::Model::read(syn::parse2(item)?).map(|model| model.write())
}
