use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{Ident, spanned::Spanned};

use super::read::{Room, Window};
use crate::{stack::Cx, values::constant_span};

impl Room {
    fn config(&self, cx: &Cx<'_>) -> TokenStream {
        let (root, options) = (cx.root, &self.options);
        let mut config = quote!(#root::CircuitBreakerConfig::new());
        let counts = [
            ("failure_threshold", &options.failure_threshold),
            ("minimum_calls", &options.minimum_calls),
            ("success_threshold", &options.success_threshold),
            ("half_open_calls", &options.half_open_calls),
            ("max_keys", &options.max_keys),
        ];
        for (name, given) in counts {
            if let Some(given) = given {
                let (name, value) = (Ident::new(name, Span::mixed_site()), &given.value);
                config.extend(quote!(.#name(#value)));
            }
        }
        for (name, given) in
            [("failure_rate", &options.failure_rate), ("slow_call_rate", &options.slow_call_rate)]
        {
            if let Some(given) = given {
                let (name, value) = (Ident::new(name, Span::mixed_site()), &given.value);
                config.extend(quote!(.#name(#value)));
            }
        }
        let durations = [
            ("slow_call", &options.slow_call),
            ("timeout", &options.timeout),
            ("max_timeout", &options.max_timeout),
        ];
        for (name, given) in durations {
            if let Some(given) = given {
                let (name, value) = (Ident::new(name, Span::mixed_site()), given.value.write(root));
                config.extend(quote!(.#name(#value)));
            }
        }
        if let Some(given) = &options.window {
            let window = match &given.value {
                Window::Count(count) => quote!(#root::Window::Count(#count)),
                Window::Time(time) => {
                    let time = time.write(root);
                    quote!(#root::Window::Time(#time))
                }
                Window::Expr(expr) => quote!(#expr),
            };
            config.extend(quote!(.window(#window)));
        }
        if let Some(given) = &options.on_cancel {
            let word = &given.value;
            config.extend(quote!(.on_cancel(#root::OnCancel::#word)));
        }
        let span = constant_span(&self.constants());
        let at = root.at(span);
        match options.key {
            Some(_) => quote_spanned!(span=> #at::CircuitBreakerConfig::checked_keyed(#config)),
            None => quote_spanned!(span=> #at::CircuitBreakerConfig::checked(#config)),
        }
    }

    pub(super) fn write_policy(&self, cx: &Cx<'_>) -> Option<(TokenStream, TokenStream)> {
        if self.options.with.is_some() {
            return None;
        }
        let (root, name, config) = (cx.root, cx.head.name_tokens(), self.config(cx));
        let ty = match self.options.key {
            Some(_) => quote!(#root::KeyedCircuitBreaker),
            None => quote!(#root::CircuitBreaker),
        };
        Some((ty.clone(), quote!(#ty::from_static(#name, #config))))
    }

    pub(super) fn write_guard(&self, cx: &Cx<'_>, inner: TokenStream) -> TokenStream {
        let (root, slot, label) = (cx.root, cx.slot(), cx.label());
        let (breaker, permit) = (cx.own("breaker"), cx.own("permit"));
        let span = Span::mixed_site();
        let source = match &self.options.with {
            Some(with) => {
                let expr = &with.value.0;
                quote_spanned!(expr.span()=> &(#expr))
            }
            None => quote_spanned!(span=> #slot.get()),
        };
        let find = match &self.options.key {
            Some(key) => {
                let keyed = cx.own("keyed");
                let key = &key.value.0;
                let key = quote_spanned!(key.span()=> &(#key));
                quote_spanned! {span=>
                    let #keyed: &#root::KeyedCircuitBreaker = #source;
                    let #breaker = #keyed.get(#key);
                }
            }
            None => quote_spanned!(span=> let #breaker: &#root::CircuitBreaker = #source;),
        };
        let refuse = cx.refuse(&quote_spanned!(span=> __mainstay_error));
        let verdict = self.verdict(cx);
        // Taken apart and put together again: an answer that is only looked at goes through memory, where the processor
        // stalls on what was written in two parts and is read in one.
        let outcome = cx.fallible("into_outcome", &inner);
        let (value, failed) = (Ident::new("__mainstay_value", span), Ident::new("__mainstay_failed", span));
        let (succeeds, fails) = (cx.answer_of("Ok", &value), cx.answer_of("Err", &failed));
        quote_spanned! {span=> #label: {
            #find
            let #permit = match #breaker.admit() {
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
                    #permit.settle(#verdict);
                    #fails
                }
            }
        }}
    }

    fn verdict(&self, cx: &Cx<'_>) -> TokenStream {
        let (root, flow, options) = (cx.root, cx.flow(), &self.options);
        let span = Span::mixed_site();
        let error = Ident::new("__mainstay_error", span);
        let mut verdict = match (&options.failure_on, &options.failure_if) {
            (None, None) => quote_spanned!(span=> #flow.verdict(#root::class_of!(#error))),
            (on, ask) => {
                let on = on.as_ref().map(|given| given.value.matches(&error));
                let ask = ask.as_ref().map(|given| {
                    let asked = given.value.ask(root, "__mainstay_error");
                    quote_spanned!(span=> !#flow.was_refused() && #asked)
                });
                let listed = on.into_iter().chain(ask).reduce(|one, other| quote!(#one || #other));
                quote_spanned!(span=> if #listed { #root::Verdict::Failure } else { #flow.unlisted() })
            }
        };
        if let Some(given) = &options.ignore_on {
            let ignored = given.value.matches(&error);
            verdict = quote_spanned!(span=> if #ignored { #root::Verdict::Ignored } else { #verdict });
        }
        verdict
    }
}
