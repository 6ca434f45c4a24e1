use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

use super::read::{JitterShare, Room};
use crate::{stack::Cx, values::constant_span};

/// The names of what the code has at hand.
pub(super) struct Names {
    pub(super) sharing: Ident,
    pub(super) absent: Ident,
    pub(super) lead: Ident,
    pub(super) tier: Ident,
}

impl Room {
    pub(super) fn write_policy(&self, cx: &Cx<'_>) -> Option<(TokenStream, TokenStream)> {
        let (root, options) = (cx.root, &self.options);
        let ttl = options.ttl.as_ref()?.value.write(root);
        let mut config = quote!(#root::cached::CacheConfig::new(#ttl));
        let times = [
            ("stale_for", &options.stale_for),
            ("stale_if_error", &options.stale_if_error),
            ("cache_err", &options.cache_err),
            ("negative_ttl", &options.negative_ttl),
        ];
        for (name, given) in times {
            if let Some(given) = given {
                let (name, time) = (Ident::new(name, Span::mixed_site()), given.value.write(root));
                config.extend(quote!(.#name(#time)));
            }
        }
        match options.jitter.as_ref().map(|given| &given.value) {
            Some(JitterShare::None) => config.extend(quote!(.jitter(0.0))),
            Some(JitterShare::Share(share)) => config.extend(quote!(.jitter(#share))),
            None => {}
        }
        if let Some(given) = &options.max_entries {
            let entries = &given.value;
            config.extend(quote!(.max_entries(#entries)));
        }
        if let Some(given) = &options.on_store_error {
            let word = &given.value;
            config.extend(quote!(.on_store_error(#root::cached::OnStoreError::#word)));
        }
        let name = cx.head.name_tokens();
        let span = constant_span(&self.constants());
        let at = root.at(span);
        let config = quote_spanned!(span=> #at::cached::CacheConfig::checked(#config));
        Some((quote!(#root::cached::Cache), quote!(#root::cached::Cache::from_static(#name, #config))))
    }

    /// An expression of a reference to the key.
    fn key(&self, cx: &Cx<'_>) -> TokenStream {
        match &self.options.key {
            Some(given) => {
                let key = &given.value.0;
                quote_spanned!(key.span()=> &(#key))
            }
            None => {
                let span = Span::mixed_site();
                let names: Vec<_> = cx.stack.arguments.names().collect();
                match names[..] {
                    [only] => quote_spanned!(span=> &#only),
                    _ => quote_spanned!(span=> &(#(&#names),*)),
                }
            }
        }
    }

    /// Where it is reported that something is no key.
    fn key_span(&self, cx: &Cx<'_>) -> Span {
        match &self.options.key {
            Some(given) => given.value.0.span(),
            None => cx.stack.arguments.names().next().map_or_else(|| cx.head.span, Ident::span),
        }
    }

    pub(super) fn write_lookup(&self, cx: &Cx<'_>, inner: TokenStream) -> TokenStream {
        let (root, answer, label) = (cx.root, cx.answer(), cx.label());
        let span = Span::mixed_site();
        let names = Names {
            sharing: cx.own("sharing"),
            absent: cx.own("absent"),
            lead: cx.own("lead"),
            tier: cx.own("tier"),
        };
        let Names { sharing, absent, tier, .. } = &names;
        let (cache, key) = (cx.own("cache"), cx.own("key"));
        let source = cx.policy(self.options.with.as_ref());
        let key_expr = self.key(cx);
        let ran = cx.stack.note_ran();
        let (make_tier, give_tier) = self.tier(cx, &cache, &key);
        let none = TokenStream::new();
        let found = respan(self.key_span(cx), root, "value", answer, &cache, &key, &none);
        let begun = respan(self.key_span(cx), root, "begin", answer, &cache, &key, &quote!(, #sharing));
        let value = Ident::new("__mainstay_value", span);
        let hit = cx.answer_of("Ok", &value);
        let is_absent = self.absent(cx);
        let check = self.checks(cx);
        let wait = self.wait(cx);
        let rest = if self.refreshes() {
            self.refreshing(cx, &names, inner)
        } else {
            let lead = &names.lead;
            let leader = self.leader(cx, &names, inner, &cx.deadline);
            let turn = self.turn(
                cx,
                quote_spanned!(span=> #root::cached::Turn::Stale(_, __mainstay_lead)
                    | #root::cached::Turn::Lead(__mainstay_lead) => __mainstay_lead,),
            );
            quote_spanned! {span=>
                #[allow(unused_mut)]
                let mut #lead = #turn;
                #leader
            }
        };
        quote_spanned! {span=> #label: {
            #check
            let #sharing = #root::sharing!(<#answer as #root::Fallible>::Err);
            let #absent = #is_absent;
            // The key borrows from the arguments, and is gone before they are used.
            let (__mainstay_begun, #tier) = {
                let #cache: &#root::cached::Cache = #source;
                let #key = #key_expr;
                if let ::core::option::Option::Some(#value) = #found {
                    #ran
                    break #label #hit;
                }
                #make_tier
                (#begun, #give_tier)
            };
            let __mainstay_turn = match __mainstay_begun {
                #root::cached::Begun::Turn(__mainstay_turn) => __mainstay_turn,
                #root::cached::Begun::Wait(__mainstay_wait) => #wait,
            };
            #rest
        }}
    }

    /// What a turn comes to, where it is not the answer.
    pub(super) fn turn(&self, cx: &Cx<'_>, others: TokenStream) -> TokenStream {
        let (root, label, span) = (cx.root, cx.label(), Span::mixed_site());
        let learn = cx.stack.note_flow(&quote_spanned!(span=> __mainstay_known));
        let known = if learn.is_empty() { quote!(_) } else { quote_spanned!(span=> __mainstay_known) };
        let answer = cx.fallible("from_outcome", &quote_spanned!(span=> __mainstay_outcome));
        quote_spanned! {span=>
            match __mainstay_turn {
                #root::cached::Turn::Answer(__mainstay_outcome, #known) => {
                    #learn
                    break #label #answer;
                }
                #others
            }
        }
    }

    /// Waits for the caller who loads: to the time limit around at most, or to the deadline around the call. A sync function has
    /// no limit of its own on this thread.
    fn wait(&self, cx: &Cx<'_>) -> TokenStream {
        let (label, span, refusing) = (cx.label(), Span::mixed_site(), cx.refusing());
        match (&cx.deadline, cx.is_async()) {
            (_, false) => quote_spanned!(span=> __mainstay_wait.turn_blocking(#refusing)),
            (None, true) => quote_spanned!(span=> __mainstay_wait.turn_in_time(#refusing).await),
            (Some(_), true) => {
                let turn = quote_spanned!(span=> __mainstay_wait.turn());
                cx.within_deadline(span, &turn, |late| quote_spanned!(span=> break #label #late))
            }
        }
    }

    /// Tells which values stand for none.
    fn absent(&self, cx: &Cx<'_>) -> TokenStream {
        let answer = cx.answer();
        match &self.options.negative_ttl {
            Some(_) => {
                let span = cx.return_span();
                let root = cx.root.at(span);
                quote_spanned!(span=> #root::cached::absent::<#answer>())
            }
            None => {
                let root = cx.root;
                quote!(#root::cached::never_absent::<#answer>())
            }
        }
    }

    /// What is asked of the answer's type, reported on it.
    fn checks(&self, cx: &Cx<'_>) -> TokenStream {
        let (answer, span) = (cx.answer(), cx.return_span());
        let root = cx.root.at(span);
        let value = quote_spanned!(span=> #root::cached::check_value::<#answer>(););
        let error = self
            .options
            .cache_err
            .as_ref()
            .map(|_| quote_spanned!(span=> #root::cached::check_error::<#answer>();));
        quote!(#value #error)
    }
}

/// Calls a function of the cache, the key and `more`, with the key reported at `span`.
fn respan(
    span: Span,
    root: &crate::stack::Root,
    function: &str,
    answer: &syn::Type,
    cache: &Ident,
    key: &Ident,
    more: &TokenStream,
) -> TokenStream {
    let at = root.at(span);
    let function = Ident::new(function, span);
    let key = Ident::new(&key.to_string(), span.resolved_at(Span::mixed_site()));
    quote_spanned!(span=> #at::cached::#function::<#answer, _>(#cache, #key #more))
}
