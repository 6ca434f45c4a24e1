use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Expr, Path, spanned::Spanned};

/// The hidden module that expansions call into.
#[derive(Clone)]
pub(crate) struct Root {
    path: TokenStream,
    /// Whether the path is the user's own word for the crate.
    given: bool,
}

impl Root {
    pub(crate) fn new(krate: Option<&Path>) -> Self {
        Self {
            path: match krate {
                Some(path) => quote!(#path::__private),
                None => quote!(::mainstay::__private),
            },
            given: krate.is_some(),
        }
    }

    /// The same path, so that errors about what follows it point at `span`.
    pub(crate) fn at(&self, span: Span) -> TokenStream {
        let respan = |mut token: TokenTree| {
            // What the user wrote means what it means there, which for `$crate` is not where `span` is.
            token.set_span(if self.given { span.resolved_at(token.span()) } else { span });
            token
        };
        self.path.clone().into_iter().map(respan).collect()
    }

    /// A handle of the store that an option gives. The code is ours and lies at the user's: as the user's own, rustc would
    /// advise to borrow what is no handle, and a borrowed store is none either.
    pub(crate) fn stored(&self, store: &Expr) -> TokenStream {
        let span = Span::mixed_site().located_at(store.span());
        let at = self.at(span);
        quote_spanned!(span=> #at::stored(&(#store)))
    }
}

impl ToTokens for Root {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.path.to_tokens(tokens);
    }
}
