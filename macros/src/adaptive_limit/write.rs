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
        let module = quote!(#root::adaptive_limit);
        let mut config = quote!(#module::AdaptiveLimitConfig::new());
        if let Some(given) = &options.algorithm {
            let word = &given.value;
            config.extend(quote!(.algorithm(#module::Algorithm::#word)));
        }
        for (name, given) in [("initial", &options.initial), ("min", &options.min), ("max", &options.max)] {
            if let Some(given) = given {
                let (name, value) = (Ident::new(name, Span::mixed_site()), &given.value);
                config.extend(quote!(.#name(#value)));
            }
        }
        let ratios = [
            ("backoff_ratio", &options.backoff_ratio),
            ("normal_share", &options.normal_share),
            ("sheddable_share", &options.sheddable_share),
        ];
        for (name, given) in ratios {
            if let Some(given) = given {
                let (name, value) = (Ident::new(name, Span::mixed_site()), &given.value);
                config.extend(quote!(.#name(#value)));
            }
        }
        if let Some(given) = &options.latency_threshold {
            let threshold = given.value.write(root);
            config.extend(quote!(.latency_threshold(#threshold)));
        }
        let name = cx.head.name_tokens();
        let span = constant_span(&self.constants());
        let at = root.at(span);
        let config = quote_spanned!(span=> #at::adaptive_limit::AdaptiveLimitConfig::checked(#config));
        Some((quote!(#module::AdaptiveLimit), quote!(#module::AdaptiveLimit::from_static(#name, #config))))
    }

    pub(super) fn write_limit(&self, cx: &Cx<'_>, inner: TokenStream) -> TokenStream {
        let (root, slot, label) = (cx.root, cx.slot(), cx.label());
        let (limit, permit) = (cx.own("limit"), cx.own("permit"));
        let span = Span::mixed_site();
        let source = match &self.options.with {
            Some(with) => {
                let expr = &with.value.0;
                quote_spanned!(expr.span()=> &(#expr))
            }
            None => quote_spanned!(span=> #slot.get()),
        };
        let priority = match &self.options.priority {
            Some(given) => given.value.write(root, &cx.stack.arguments),
            None => quote_spanned!(span=> #root::adaptive_limit::Priority::Critical),
        };
        let refuse = cx.refuse(&quote_spanned!(span=> __mainstay_error));
        let told = self.told(cx);
        // As in `#[circuit_breaker]`: taken apart and put together again, the answer need not go through memory.
        let outcome = cx.fallible("into_outcome", &inner);
        let (value, failed) = (Ident::new("__mainstay_value", span), Ident::new("__mainstay_failed", span));
        let (succeeds, fails) = (cx.answer_of("Ok", &value), cx.answer_of("Err", &failed));
        quote_spanned! {span=> #label: {
            let #limit: &#root::adaptive_limit::AdaptiveLimit = #source;
            let #permit = match #limit.try_enter(#priority) {
                ::core::result::Result::Ok(__mainstay_permit) => __mainstay_permit,
                ::core::result::Result::Err(__mainstay_error) => break #label #refuse,
            };
            match #outcome {
                ::core::result::Result::Ok(#value) => {
                    #permit.success();
                    #succeeds
                }
                ::core::result::Result::Err(#failed) => {
                    let __mainstay_error = &#failed;
                    #permit.settle(#told);
                    #fails
                }
            }
        }}
    }

    /// What an error tells about the load.
    fn told(&self, cx: &Cx<'_>) -> TokenStream {
        let (root, flow, options) = (cx.root, cx.flow(), &self.options);
        let span = Span::mixed_site();
        let error = Ident::new("__mainstay_error", span);
        if options.overload_on.is_none() && options.overload_if.is_none() {
            return quote_spanned!(span=> #root::adaptive_limit::told(#flow, #root::class_of!(#error)));
        }
        let on = options.overload_on.as_ref().map(|given| given.value.matches(&error));
        let ask = options.overload_if.as_ref().map(|given| {
            let asked = given.value.ask(root, "__mainstay_error");
            quote_spanned!(span=> !#flow.was_refused() && #asked)
        });
        let listed = on.into_iter().chain(ask).reduce(|one, other| quote!(#one || #other));
        quote_spanned! {span=>
            if #listed { #root::adaptive_limit::Outcome::Overload } else { #root::adaptive_limit::unlisted(#flow) }
        }
    }
}
