use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{Expr, Lifetime, spanned::Spanned};

use super::read::Room;
use crate::{stack::Cx, values::constant_span};

impl Room {
    pub(super) fn write_policy(&self, cx: &Cx<'_>) -> Option<(TokenStream, TokenStream)> {
        let (root, options) = (cx.root, &self.options);
        let rate = self.rate.as_ref()?.write(root);
        let mut config = quote!(#root::RateLimitConfig::new(#rate));
        if let Some(burst) = self.burst_tokens() {
            config.extend(quote!(.burst(#burst)));
        }
        if let Some(given) = &options.initial {
            let initial = &given.value.0;
            config.extend(quote!(.initial(#initial)));
        }
        if let Some(given) = &options.max_keys {
            let most = &given.value;
            config.extend(quote!(.max_keys(#most)));
        }
        if let Some(given) = &options.max_wait {
            let wait = given.value.write(root);
            config.extend(quote!(.max_wait(#wait)));
        }
        if let Some(given) = &options.algorithm {
            let word = &given.value;
            config.extend(quote!(.algorithm(#root::Algorithm::#word)));
        }
        if let Some(given) = &options.on_store_error {
            let word = &given.value;
            config.extend(quote!(.on_store_error(#root::OnLimitStoreError::#word)));
        }
        let name = cx.head.name_tokens();
        let ty = match (&options.store, &options.key) {
            (Some(_), _) => quote!(#root::SharedLimit),
            (None, Some(_)) => quote!(#root::KeyedRateLimiter),
            (None, None) => quote!(#root::RateLimiter),
        };
        let span = constant_span(&self.constants());
        let at = root.at(span);
        let config = quote_spanned!(span=> #at::RateLimitConfig::checked(#config));
        Some((ty.clone(), quote!(#ty::from_static(#name, #config))))
    }

    pub(super) fn write_admission(&self, cx: &Cx<'_>, inner: TokenStream) -> TokenStream {
        if let Some(store) = &self.options.store {
            return self.write_shared_admission(cx, &store.value.0, inner);
        }
        let (root, answer, label) = (cx.root, cx.answer(), cx.label());
        let span = Span::mixed_site();
        let limiter = cx.own("limiter");
        let source = cx.policy(self.options.with.as_ref());
        let (ty, key) = match &self.options.key {
            Some(key) => {
                let key = &key.value.0;
                (quote!(#root::KeyedRateLimiter), quote_spanned!(key.span()=> &(#key),))
            }
            None => (quote!(#root::RateLimiter), TokenStream::new()),
        };
        let tokens = self.write_tokens(cx);
        let deadline = cx.deadline_instant();
        let refuse = cx.refuse(&quote_spanned!(span=> __mainstay_error));
        let refused = quote_spanned!(span=> ::core::result::Result::Err(__mainstay_error));
        let asked = match (self.waits(), cx.is_async()) {
            (true, is_async) => {
                let ask = match is_async {
                    true => quote_spanned!(span=> #limiter.enter_async(#key #tokens, #deadline).await),
                    false => quote_spanned!(span=> #limiter.enter(#key #tokens, #deadline)),
                };
                quote_spanned!(span=> if let #refused = #ask { break #label #refuse; })
            }
            // Overrides may have it wait where the code does not. All but the wait is gone before, so that the future has
            // no room for it.
            (false, true) => {
                let asked = Lifetime::new(&format!("{label}_asked"), span);
                quote_spanned! {span=> #asked: {
                    let __mainstay_wait = match #limiter.enter_now(#key #tokens) {
                        #root::Asked::Done(::core::result::Result::Ok(())) => break #asked,
                        #root::Asked::Done(#refused) => break #label #refuse,
                        #root::Asked::Later(__mainstay_later) => __mainstay_later.wait(#deadline),
                    };
                    if let #refused = __mainstay_wait.await { break #label #refuse; }
                }}
            }
            (false, false) => quote_spanned! {span=>
                match #limiter.enter_now(#key #tokens) {
                    #root::Asked::Done(::core::result::Result::Ok(())) => {}
                    #root::Asked::Done(#refused) => break #label #refuse,
                    #root::Asked::Later(__mainstay_later) => {
                        if let #refused = __mainstay_later.wait_blocking(#deadline) { break #label #refuse; }
                    }
                }
            },
        };
        quote_spanned! {span=> #label: {
            let #limiter: &#ty = #source;
            #asked
            let __mainstay_answer: #answer = #inner;
            __mainstay_answer
        }}
    }

    fn write_tokens(&self, cx: &Cx<'_>) -> TokenStream {
        let Some(given) = &self.options.tokens else { return quote!(1.0) };
        let expr = &given.value.0;
        let at = cx.root.at(expr.span());
        quote_spanned!(expr.span()=> #at::Tokens::tokens(#expr))
    }

    /// What the user wrote is evaluated in statements of its own, so that nothing of it is kept while the store is asked.
    fn write_shared_admission(&self, cx: &Cx<'_>, store: &Expr, inner: TokenStream) -> TokenStream {
        let (root, answer, slot, label) = (cx.root, cx.answer(), cx.slot(), cx.label());
        let span = Span::mixed_site();
        let (limit, handle, key, tokens) =
            (cx.own("limit"), cx.own("store"), cx.own("key"), cx.own("tokens"));
        let (at, tokens_value) = (root.at(store.span()), self.write_tokens(cx));
        // On the user's store, so that rustc points there where it is none that counts limits.
        let to_store = quote_spanned!(store.span()=> #at::limit_store(&(#store)));
        let key_text = match &self.options.key {
            Some(key) => {
                let key = &key.value.0;
                quote_spanned!(key.span()=> #limit.store_key(&(#key)))
            }
            None => quote_spanned!(span=> #limit.store_key("")),
        };
        let deadline = cx.deadline_instant();
        let refuse = cx.refuse(&quote_spanned!(span=> __mainstay_error));
        let ask = match cx.is_async() {
            true => {
                let enter = quote_spanned!(span=> #limit.enter_async(&*#handle, &#key, #tokens, #deadline));
                cx.within_deadline(span, &enter, |late| quote_spanned!(span=> break #label #late))
            }
            false => quote_spanned!(span=> #limit.enter(&*#handle, &#key, #tokens, #deadline)),
        };
        quote_spanned! {span=> #label: {
            let #limit: &#root::SharedLimit = #slot.get();
            let #key = #key_text;
            let #tokens = #tokens_value;
            let #handle = #to_store;
            if let ::core::result::Result::Err(__mainstay_error) = #ask {
                break #label #refuse;
            }
            ::core::mem::drop((#key, #handle));
            let __mainstay_answer: #answer = #inner;
            __mainstay_answer
        }}
    }
}
