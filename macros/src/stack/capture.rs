//! How the user's block gets at the arguments.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};

use super::layer::Stack;

impl Stack {
    /// `move` where the block runs once and nobody needs the arguments after it: then the future holds them as the
    /// function itself would, and is `Send` whenever that would be.
    pub(super) fn capture(&self) -> TokenStream {
        let shared = self
            .layers
            .iter()
            .any(|layer| layer.room.as_retry().is_some() || layer.room.as_fallback().is_some());
        if shared { TokenStream::new() } else { quote!(move) }
    }

    /// What makes the type of the block known from its start, so that `?` works and a wrong type is reported where
    /// the user wrote it.
    pub(super) fn typed_block(&self, body: &TokenStream) -> TokenStream {
        let answer = &self.returns.answer;
        let span = Span::mixed_site();
        quote_spanned! {span=>
            #[allow(unreachable_code, clippy::diverging_sub_expression, clippy::empty_loop, clippy::let_unit_value, clippy::needless_return)]
            if false {
                let __mainstay_answer: #answer = loop {};
                return __mainstay_answer;
            }
            #body
        }
    }

    /// Tells a consumed argument of a type that is not `Copy`, on the user's token.
    pub(super) fn reusable_checks(&self) -> TokenStream {
        let checks = self.consumed_under_retry().into_iter().map(|(name, place)| {
            let span = place.span().resolved_at(Span::mixed_site());
            let root = self.root.at(span);
            quote_spanned!(span=> #root::reusable(&#name);)
        });
        let checks: TokenStream = checks.collect();
        if checks.is_empty() { checks } else { quote!(if false { #checks }) }
    }
}
