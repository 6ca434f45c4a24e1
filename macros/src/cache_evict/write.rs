use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;

use super::read::Room;
use crate::stack::{Cx, site};

impl Room {
    pub(super) fn write_eviction(&self, cx: &Cx<'_>, inner: TokenStream) -> TokenStream {
        let (answer, span) = (cx.answer(), Span::mixed_site());
        let (eviction, text) = (cx.own("eviction"), cx.own("key_text"));
        let declared = self.site(cx);
        let store = self.store(cx);
        let key = self.key(cx, &eviction, &text);
        let run = self.run(cx, &eviction, &text);
        let (before, after) = match &self.options.before {
            Some(_) => (run, TokenStream::new()),
            None => {
                let outcome = cx.fallible("as_outcome", &quote_spanned!(span=> &__mainstay_answer));
                let after = quote_spanned! {span=>
                    if #outcome.is_ok() { #run }
                };
                (TokenStream::new(), after)
            }
        };
        quote_spanned! {span=> {
            #declared
            #store
            #key
            #before
            let __mainstay_answer: #answer = #inner;
            #after
            __mainstay_answer
        }}
    }

    /// The place for the cache that is found by its name.
    fn site(&self, cx: &Cx<'_>) -> TokenStream {
        if self.options.with.is_some() {
            return TokenStream::new();
        }
        let (root, slot, site, span) = (cx.root, cx.slot(), site(), Span::mixed_site());
        let name = cx.head.name.to_token_stream();
        quote_spanned! {span=>
            static #slot: #root::cached::EvictSite = #root::cached::EvictSite::new(#name, &#site);
        }
    }

    /// A handle of the store, before the body has the arguments.
    fn store(&self, cx: &Cx<'_>) -> Option<TokenStream> {
        let store = &self.options.store.as_ref()?.value.0;
        let (handle, stored) = (cx.own("store"), cx.root.stored(store));
        Some(quote_spanned!(store.span()=> let #handle = #stored;))
    }

    /// What is to be evicted, owned before the body has the arguments.
    fn key(&self, cx: &Cx<'_>, eviction: &Ident, text: &Ident) -> TokenStream {
        let (root, span) = (cx.root, Span::mixed_site());
        let Some(given) = &self.options.key else {
            return quote_spanned!(span=> let #eviction = #root::cached::Eviction::of_all(););
        };
        let key = &given.value.0;
        let at = root.at(key.span());
        let bound = Ident::new("__mainstay_key", key.span().resolved_at(span));
        let (texts, text) = match &self.options.store {
            Some(_) => (
                quote_spanned!(key.span()=> #at::cached::key_text(#bound)),
                quote_spanned!(span=> (#eviction, #text)),
            ),
            None => (quote!(()), quote_spanned!(span=> (#eviction, ()))),
        };
        quote_spanned! {key.span()=>
            let #text = {
                let #bound = &(#key);
                (#at::cached::Eviction::of(#bound), #texts)
            };
        }
    }

    fn run(&self, cx: &Cx<'_>, eviction: &Ident, text: &Ident) -> TokenStream {
        let (root, span, cache) = (cx.root, Span::mixed_site(), cx.own("cache"));
        let source = match &self.options.with {
            Some(with) => {
                let expr = &with.value.0;
                quote_spanned!(expr.span()=> ::core::option::Option::Some(&(#expr)))
            }
            None => {
                let slot = cx.slot();
                quote_spanned!(span=> #slot.get())
            }
        };
        let has_store = self.options.store.is_some();
        let from_store = self.options.store.as_ref().map(|given| {
            let store = &given.value.0;
            let at = root.at(store.span());
            let all = self.options.all.is_some();
            let handle = cx.own("store");
            let tier = match all {
                true => quote_spanned!(store.span()=> #at::cached::Tier::of_all(#cache, &#handle)),
                false => quote_spanned!(store.span()=> #at::cached::Tier::of(#cache, &#handle, &*#text)),
            };
            let remove = match cx.is_async() {
                true => quote_spanned!(span=> #tier.remove(#cache, #all).await;),
                false => quote_spanned!(span=> #root::cached::remove_blocking(#tier, #cache, #all);),
            };
            quote_spanned! {span=>
                if let ::core::option::Option::Some(#cache) = #cache { #remove }
            }
        });
        quote_spanned! {span=>
            let #cache: ::core::option::Option<&#root::cached::Cache> = #source;
            #eviction.run(#cache, #has_store);
            #from_store
        }
    }
}
