//! How the user's block gets at the arguments.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{Ident, spanned::Spanned};

use super::layer::{Layer, Stack};
use crate::item::Receiver;

impl Stack {
    /// `move` where the block runs once and nobody needs the arguments beside or after it: then the future holds them as the
    /// function itself would, and is `Send` whenever that would be.
    pub(super) fn capture(&self) -> TokenStream {
        if self.shares_arguments(&self.layers) { TokenStream::new() } else { quote!(move) }
    }

    /// Whether one of these layers needs the arguments beside or after what is inside it.
    pub(super) fn shares_arguments(&self, layers: &[Layer]) -> bool {
        let is_shared = self.arguments.receiver == Some(Receiver::Shared);
        layers.iter().any(|layer| {
            let is_held = layer.head.borrows_self && !is_shared;
            is_held
                || layer.room.as_retry().is_some()
                || layer.room.as_hedge().is_some()
                || layer.room.as_fallback().is_some()
                || layer.room.uses_arguments_later()
        })
    }

    /// The same for an `async` block. Where every argument is copied by a mere look at its type, each attempt may have its
    /// own: a future that holds copies costs nothing, while one that points at what lies beside it cannot be optimized
    /// away. An attempt that changes its arguments leaves them changed for the next, so `mut` ones stay shared.
    pub(super) fn capture_async(&self) -> TokenStream {
        let has_locals = !self.frame.before.is_empty() || !self.frame.prelude.is_empty();
        if !has_locals && self.arguments.are_freely_copied() { quote!(move) } else { self.capture() }
    }

    /// What makes the type of the block known from its start, so that `?` works and a wrong type is reported where
    /// the user wrote it. A call and no variable: that would be one more to drop, in every function.
    pub(super) fn typed_block(&self, body: &TokenStream) -> TokenStream {
        let answer = &self.returns.answer;
        // A block with a label is never told that its braces are unnecessary.
        let body = quote_spanned!(body.span()=> '__mainstay_body: #body);
        let (root, span) = (&self.root, Span::mixed_site());
        quote_spanned! {span=>
            #[allow(clippy::needless_return)]
            if false { return #root::typed::<#answer>(); }
            #body
        }
    }

    /// Tells a consumed argument of a type that is not `Copy`, on the user's token and by its name.
    pub(super) fn reusable_checks(&self) -> TokenStream {
        let consumed = self.consumed_under_retry();
        let checks = consumed.iter().map(|(name, place)| {
            let span = Span::mixed_site();
            // With a span of the user's own, rustc would go on about borrowing here.
            let span_there = place.span().resolved_at(span);
            let message = format!("an attempt consumes `{name}`, and the next one needs it again");
            let attribute = self.repeater();
            let label = format!(
                "consumed here: give each attempt its own by `#[{attribute}(clone({name}))]`, or borrow it"
            );
            let check = Ident::new("check_needed_again", span_there);
            let check = quote_spanned!(span_there=> #check(&#place));
            quote_spanned! {span=> {
                #[diagnostic::on_unimplemented(message = #message, label = #label)]
                trait NeededAgain {}
                impl<T: ::core::marker::Copy> NeededAgain for T {}
                fn check_needed_again<T: NeededAgain>(_: &T) {}
                #check;
            }}
        });
        let checks: TokenStream = checks.collect();
        if checks.is_empty() { checks } else { quote!(if false { #checks }) }
    }
}
