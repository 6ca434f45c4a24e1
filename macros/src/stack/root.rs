use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::Path;

/// The hidden module that expansions call into.
#[derive(Clone)]
pub(crate) struct Root(TokenStream);

impl Root {
    pub(crate) fn new(krate: Option<&Path>) -> Self {
        Self(match krate {
            Some(path) => quote!(#path::__private),
            None => quote!(::mainstay::__private),
        })
    }

    /// The same path, so that errors about what follows it point at `span`.
    pub(crate) fn at(&self, span: Span) -> TokenStream {
        let respan = |mut token: TokenTree| {
            token.set_span(span);
            token
        };
        self.0.clone().into_iter().map(respan).collect()
    }
}

impl ToTokens for Root {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.0.to_tokens(tokens);
    }
}
