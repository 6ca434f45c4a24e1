use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{Ident, spanned::Spanned};

use super::read::{Room, Window};
use crate::{
    stack::{Cx, Permit},
    values::constant_span,
};

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
        let (root, span) = (cx.root, Span::mixed_site());
        let (breaker, permit) = (cx.own("breaker"), cx.own("permit"));
        let source = cx.policy(self.options.with.as_ref());
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
        let admit = quote_spanned!(span=> #breaker.admit());
        let on_error = self.verdict(cx);
        cx.under_permit(Permit { name: &permit, find, admit, on_value: "success", on_error }, &inner)
    }

    fn verdict(&self, cx: &Cx<'_>) -> TokenStream {
        let (root, flow, options) = (cx.root, cx.flow(), &self.options);
        let span = Span::mixed_site();
        let error = Ident::new("__mainstay_error", span);
        let verdict = match cx.listed(options.failure_on.as_ref(), options.failure_if.as_ref()) {
            None => quote_spanned!(span=> #flow.verdict(#root::class_of!(#error))),
            Some(listed) => {
                quote_spanned!(span=> if #listed { #root::Verdict::Failure } else { #flow.unlisted() })
            }
        };
        match &options.ignore_on {
            Some(given) => {
                let ignored = given.value.matches(&error);
                quote_spanned!(span=> if #ignored { #root::Verdict::Ignored } else { #verdict })
            }
            None => verdict,
        }
    }
}
