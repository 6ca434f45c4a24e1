use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};

use super::read::Room;
use crate::{stack::Cx, values::constant_span};

impl Room {
    pub(super) fn write_policy(&self, cx: &Cx<'_>) -> Option<(TokenStream, TokenStream)> {
        let (root, options) = (cx.root, &self.options);
        if options.with.is_some() {
            return None;
        }
        let mut config = quote!(#root::ChaosConfig::new());
        if let Some(given) = &options.latency {
            let latency = given.value.write(root);
            config.extend(quote!(.latency(#latency)));
        }
        if let Some(given) = &options.latency_max {
            let most = given.value.write(root);
            config.extend(quote!(.latency_max(#most)));
        }
        if let Some(given) = &options.latency_rate {
            let share = &given.value;
            config.extend(quote!(.latency_rate(#share)));
        }
        if let Some(given) = &options.error_rate {
            let share = &given.value;
            config.extend(quote!(.error_rate(#share)));
        }
        if let Some(given) = &options.panic_rate {
            let share = &given.value;
            config.extend(quote!(.panic_rate(#share)));
        }
        if let Some(given) = &options.drop_rate {
            let share = &given.value;
            config.extend(quote!(.drop_rate(#share)));
        }
        if let Some(given) = &options.seed {
            let seed = &given.value;
            config.extend(quote!(.seed(#seed)));
        }
        if options.after.is_some() {
            config.extend(quote!(.after()));
        }
        let name = cx.head.name_tokens();
        let span = constant_span(&self.constants());
        let at = root.at(span);
        let config = quote_spanned!(span=> #at::ChaosConfig::checked(#config));
        Some((quote!(#root::Chaos), quote!(#root::Chaos::from_static(#name, #config))))
    }

    /// Whether it strikes when the body has run.
    pub(crate) fn is_late(&self) -> bool {
        self.options.after.is_some()
    }

    /// What stands at the start of the body's block, or at its end: it returns from there where the call is to fail.
    pub(crate) fn write_strike(&self, cx: &Cx<'_>) -> TokenStream {
        let (root, span) = (cx.root, Span::mixed_site());
        let source = cx.policy(self.options.with.as_ref());
        let strike = match cx.is_async() {
            true => quote_spanned!(span=> strike_async().await),
            false => quote_spanned!(span=> strike()),
        };
        let answer = match &self.options.error {
            Some(error) => {
                let expr = &error.value.0;
                // Bound first, so that a wrong type is reported where the user wrote it. An `impl Trait` has no type to
                // write here, and a `_` for it would be one that nothing determines.
                let ty = cx
                    .stack
                    .returns
                    .is_named
                    .then(|| cx.error_type())
                    .map(|err| quote_spanned!(span=> : #err));
                let bound = quote_spanned!(span=> __mainstay_error);
                let whole =
                    cx.fallible("from_outcome", &quote_spanned!(span=> ::core::result::Result::Err(#bound)));
                quote_spanned!(span=> { let #bound #ty = #expr; let _ = __mainstay_failure; #whole })
            }
            None => cx.own_error(&quote_spanned!(span=> __mainstay_failure.into_error())),
        };
        quote_spanned! {span=>
            if #root::is_any_chaos_on() {
                let __mainstay_chaos: &#root::Chaos = #source;
                if let ::core::option::Option::Some(__mainstay_failure) = __mainstay_chaos.#strike {
                    return #answer;
                }
            }
        }
    }
}
