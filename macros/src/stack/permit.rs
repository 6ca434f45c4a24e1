//! What attributes share that take a permit before the call and settle it by what the call answers.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{Ident, spanned::Spanned};

use super::Cx;
use crate::{
    options::Given,
    values::{AnyExpr, Callable, Patterns},
};

/// How a permit is had and settled, as expressions.
pub(crate) struct Permit<'t> {
    /// The variable that holds it.
    pub(crate) name: &'t Ident,
    /// Statements before it is asked for.
    pub(crate) find: TokenStream,
    /// A `Result` of it, or of the refusal.
    pub(crate) admit: TokenStream,
    /// Its method that takes note of a value.
    pub(crate) on_value: &'static str,
    /// What it is settled with where the call has failed with `__mainstay_error`.
    pub(crate) on_error: TokenStream,
}

impl Cx<'_> {
    /// A reference to the policy: the user's own, or the function's.
    pub(crate) fn policy(&self, with: Option<&Given<AnyExpr>>) -> TokenStream {
        let slot = self.slot();
        match with {
            Some(with) => {
                let expr = &with.value.0;
                quote_spanned!(expr.span()=> &(#expr))
            }
            None => quote_spanned!(Span::mixed_site()=> #slot.get()),
        }
    }

    /// Whether `__mainstay_error` is one of those that the user lists or asks for. What a policy below has refused, or a caller's
    /// deadline has ended, is asked about by nobody.
    pub(crate) fn listed(
        &self,
        on: Option<&Given<Patterns>>,
        ask: Option<&Given<Callable>>,
    ) -> Option<TokenStream> {
        let (flow, span) = (self.flow(), Span::mixed_site());
        let error = Ident::new("__mainstay_error", span);
        let on = on.map(|given| given.value.matches(&error));
        let ask = ask.map(|given| {
            let asked = given.value.ask(self.root, "__mainstay_error");
            quote_spanned!(span=> !#flow.says_nothing() && #asked)
        });
        on.into_iter().chain(ask).reduce(|one, other| quote!(#one || #other))
    }

    /// `inner` under a permit.
    ///
    /// The answer is taken apart and put together again: one that is only looked at goes through memory, where the
    /// processor stalls on what was written in two parts and is read in one.
    pub(crate) fn under_permit(&self, permit: Permit<'_>, inner: &TokenStream) -> TokenStream {
        let Permit { name, find, admit, on_value, on_error } = permit;
        let (label, span) = (self.label(), Span::mixed_site());
        let refuse = self.refuse(&quote_spanned!(span=> __mainstay_error));
        let outcome = self.fallible("into_outcome", inner);
        let (value, failed) = (Ident::new("__mainstay_value", span), Ident::new("__mainstay_failed", span));
        let (succeeds, fails) = (self.answer_of("Ok", &value), self.answer_of("Err", &failed));
        let on_value = Ident::new(on_value, span);
        quote_spanned! {span=> #label: {
            #find
            let #name = match #admit {
                ::core::result::Result::Ok(__mainstay_permit) => __mainstay_permit,
                ::core::result::Result::Err(__mainstay_error) => break #label #refuse,
            };
            match #outcome {
                ::core::result::Result::Ok(#value) => {
                    #name.#on_value();
                    #succeeds
                }
                ::core::result::Result::Err(#failed) => {
                    let __mainstay_error = &#failed;
                    #name.settle(#on_error);
                    #fails
                }
            }
        }}
    }
}
