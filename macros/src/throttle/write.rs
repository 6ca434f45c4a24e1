use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{Ident, spanned::Spanned};

use super::read::Room;
use crate::{stack::Cx, values::constant_span};

impl Room {
    pub(super) fn write_policy(&self, cx: &Cx<'_>) -> Option<(TokenStream, TokenStream)> {
        let (root, options) = (cx.root, &self.options);
        if options.with.is_some() {
            return None;
        }
        let mut config = quote!(#root::throttle::ThrottleConfig::new());
        if let Some(given) = &options.k {
            let k = &given.value;
            config.extend(quote!(.k(#k)));
        }
        if let Some(given) = &options.window {
            let window = given.value.write(root);
            config.extend(quote!(.window(#window)));
        }
        if let Some(given) = &options.minimum_calls {
            let calls = &given.value;
            config.extend(quote!(.minimum_calls(#calls)));
        }
        if let Some(given) = &options.max_rejection_rate {
            let rate = &given.value;
            config.extend(quote!(.max_rejection_rate(#rate)));
        }
        let name = cx.head.name_tokens();
        let span = constant_span(&self.constants());
        let at = root.at(span);
        let config = quote_spanned!(span=> #at::throttle::ThrottleConfig::checked(#config));
        Some((
            quote!(#root::throttle::Throttle),
            quote!(#root::throttle::Throttle::from_static(#name, #config)),
        ))
    }

    pub(super) fn write_throttle(&self, cx: &Cx<'_>, inner: TokenStream) -> TokenStream {
        let (root, slot, label) = (cx.root, cx.slot(), cx.label());
        let (throttle, permit) = (cx.own("throttle"), cx.own("permit"));
        let span = Span::mixed_site();
        let source = match &self.options.with {
            Some(with) => {
                let expr = &with.value.0;
                quote_spanned!(expr.span()=> &(#expr))
            }
            None => quote_spanned!(span=> #slot.get()),
        };
        let refuse = cx.refuse(&quote_spanned!(span=> __mainstay_error));
        let known = self.known(cx);
        let outcome = cx.fallible("into_outcome", &inner);
        let (value, failed) = (Ident::new("__mainstay_value", span), Ident::new("__mainstay_failed", span));
        let (succeeds, fails) = (cx.answer_of("Ok", &value), cx.answer_of("Err", &failed));
        quote_spanned! {span=> #label: {
            let #throttle: &#root::throttle::Throttle = #source;
            let #permit = match #throttle.admit() {
                ::core::result::Result::Ok(__mainstay_permit) => __mainstay_permit,
                ::core::result::Result::Err(__mainstay_error) => break #label #refuse,
            };
            match #outcome {
                ::core::result::Result::Ok(#value) => {
                    #permit.accepted();
                    #succeeds
                }
                ::core::result::Result::Err(#failed) => {
                    let __mainstay_error = &#failed;
                    #permit.settle(#known);
                    #fails
                }
            }
        }}
    }

    /// What an error says of what the server made of the call.
    fn known(&self, cx: &Cx<'_>) -> TokenStream {
        let (root, flow, options) = (cx.root, cx.flow(), &self.options);
        let span = Span::mixed_site();
        let error = Ident::new("__mainstay_error", span);
        let mut known = match (&options.reject_on, &options.reject_if) {
            (None, None) => quote_spanned!(span=> #root::throttle::known(#flow, #root::class_of!(#error))),
            (on, ask) => {
                let on = on.as_ref().map(|given| given.value.matches(&error));
                let ask = ask.as_ref().map(|given| {
                    let asked = given.value.ask(root, "__mainstay_error");
                    quote_spanned!(span=> !#flow.was_refused() && #asked)
                });
                let listed = on.into_iter().chain(ask).reduce(|one, other| quote!(#one || #other));
                quote_spanned! {span=>
                    if #listed { #root::throttle::Outcome::Rejected } else { #root::throttle::unlisted(#flow) }
                }
            }
        };
        if let Some(given) = &options.ignore_on {
            let ignored = given.value.matches(&error);
            known = quote_spanned!(span=> if #ignored { #root::throttle::Outcome::Ignored } else { #known });
        }
        known
    }
}
