use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{Expr, Ident, spanned::Spanned};

use super::read::Room;
use crate::{stack::Cx, values::constant_span};

impl Room {
    pub(super) fn write_policy(&self, cx: &Cx<'_>) -> Option<(TokenStream, TokenStream)> {
        if self.options.with.is_some() {
            return None;
        }
        let (root, options) = (cx.root, &self.options);
        let mut config = quote!(#root::IdempotencyConfig::new());
        for (name, given) in
            [("ttl", &options.ttl), ("max_wait", &options.max_wait), ("lease", &options.lease)]
        {
            if let Some(given) = given {
                let (name, value) = (Ident::new(name, Span::mixed_site()), given.value.write(root));
                config.extend(quote!(.#name(#value)));
            }
        }
        if let Some(given) = &options.max_entries {
            let most = &given.value;
            config.extend(quote!(.max_entries(#most)));
        }
        if let Some(given) = &options.on_duplicate {
            let word = &given.value;
            config.extend(quote!(.on_duplicate(#root::OnDuplicate::#word)));
        }
        if let Some(given) = &options.in_flight {
            let word = &given.value;
            config.extend(quote!(.in_flight(#root::InFlight::#word)));
        }
        if let Some(given) = &options.on_cancel {
            let word = &given.value;
            config.extend(quote!(.on_cancel(#root::OnCancelledKey::#word)));
        }
        if let Some(given) = &options.on_store_error {
            let word = &given.value;
            config.extend(quote!(.on_store_error(#root::OnStoreError::#word)));
        }
        let name = cx.head.name_tokens();
        let span = constant_span(&self.constants());
        let at = root.at(span);
        let config = quote_spanned!(span=> #at::IdempotencyConfig::checked(#config));
        Some((quote!(#root::Idempotency), quote!(#root::Idempotency::from_static(#name, #config))))
    }

    /// Binds the policy.
    fn find(&self, cx: &Cx<'_>) -> (Ident, TokenStream) {
        let (root, policy) = (cx.root, cx.own("idempotency"));
        let span = Span::mixed_site();
        let source = cx.policy(self.options.with.as_ref());
        let find = quote_spanned!(span=> let #policy: &#root::Idempotency = #source;);
        (policy, find)
    }

    fn key(&self) -> TokenStream {
        let key = self.options.key.as_ref().map(|given| &given.value.0);
        let span = key.map_or_else(Span::call_site, Spanned::span);
        quote_spanned!(span=> &(#key))
    }

    /// The digest of the payload in memory.
    fn local_print(&self, cx: &Cx<'_>) -> TokenStream {
        let Some(given) = &self.options.fingerprint else { return quote!(::core::option::Option::None) };
        let (root, span) = (cx.root, Span::mixed_site());
        let parts = given.value.0.iter().map(|name| quote_spanned!(name.span()=> .part(&#name)));
        quote_spanned!(span=> #root::print() #(#parts)* .whole())
    }

    /// The payload as a tuple of references.
    fn payload(&self) -> Option<TokenStream> {
        let given = self.options.fingerprint.as_ref()?;
        let names = &given.value.0;
        Some(quote_spanned!(given.key.span()=> &(#(&#names,)*)))
    }

    /// What is kept, and a `bool` expression: whether this answer is.
    fn kept(&self, cx: &Cx<'_>, answer: &Ident) -> (TokenStream, TokenStream) {
        let (root, flow, span) = (cx.root, cx.flow(), Span::mixed_site());
        let (there, at) = (cx.return_span(), root.at(cx.return_span()));
        let outcome = cx.fallible("as_outcome", &quote_spanned!(span=> &#answer));
        if self.options.store_err.is_none() {
            return (quote_spanned!(there=> #at::Values), quote_spanned!(span=> #outcome.is_ok()));
        }
        let keeps = quote_spanned! {span=>
            match #outcome {
                ::core::result::Result::Ok(_) => true,
                ::core::result::Result::Err(__mainstay_error) => {
                    #flow.is_final(#root::class_of!(__mainstay_error))
                }
            }
        };
        (quote_spanned!(there=> #at::Answers), keeps)
    }

    /// Binds the claim of a call that runs and answers every other.
    fn bind(&self, cx: &Cx<'_>, claim: &Ident, mutable: bool, start: &TokenStream) -> TokenStream {
        let (root, label, policy, span) = (cx.root, cx.label(), cx.own("idempotency"), Span::mixed_site());
        let refuse = cx.refuse(&quote_spanned!(span=> __mainstay_error));
        let ran = cx.stack.note_ran();
        let late = match &cx.deadline {
            Some(deadline) => cx.refuse(&quote_spanned!(span=> #root::pass(&#deadline))),
            None => cx.refuse(&quote_spanned!(span=> #root::in_flight(#policy))),
        };
        let mutable = mutable.then(|| quote!(mut));
        quote_spanned! {span=>
            let #mutable #claim = match #start {
                #root::Start::Run(__mainstay_claim) => __mainstay_claim,
                #root::Start::Answer(__mainstay_answer) => break #label { #ran __mainstay_answer },
                #root::Start::Refused(__mainstay_error) => break #label #refuse,
                #root::Start::Elapsed => break #label #late,
            };
        }
    }

    /// The record is in this process's memory.
    pub(super) fn write_local(&self, cx: &Cx<'_>, inner: TokenStream) -> TokenStream {
        let (root, answer, label, claim) = (cx.root, cx.answer(), cx.label(), cx.own("claim"));
        let (policy, find) = self.find(cx);
        let (span, deadline, key) = (Span::mixed_site(), cx.deadline_instant(), self.key());
        let own = Ident::new("__mainstay_answer", span);
        let (kept, keeps) = self.kept(cx, &own);
        let payload = self.local_print(cx);
        let (there, at) = (cx.return_span(), root.at(cx.return_span()));
        // Where the types of what they hold are wrong, that is said where these stand: once, on the user's own words.
        let named = |name, place| Ident::new(name, span.located_at(place));
        let (keeping, print) = (named("__mainstay_keeping", there), Ident::new("__mainstay_print", span));
        let (given, name) = (named("__mainstay_given", key.span()), named("__mainstay_key", key.span()));
        let at_key = root.at(given.span());
        let as_key = quote_spanned!(given.span()=> #at_key::key(#given));
        let begin = match cx.is_async() {
            true => {
                let now = quote_spanned! {there=>
                    #at::start_local_now::<_, #answer>(#keeping, #policy, #name.as_str(), #print)
                };
                let later = quote_spanned! {there=>
                    #at::start_local_async::<_, #answer>(#keeping, #policy, #name.as_str(), #print, #deadline).await
                };
                quote_spanned! {span=>
                    match #now {
                        ::core::option::Option::Some(__mainstay_start) => __mainstay_start,
                        ::core::option::Option::None => #later,
                    }
                }
            }
            false => quote_spanned! {there=>
                #at::start_local::<_, #answer>(#keeping, #policy, #name.as_str(), #print, #deadline)
            },
        };
        let start = quote_spanned! {span=> {
            let #given = #key;
            let #name = #as_key;
            let #print = #payload;
            #begin
        }};
        let find_keeping = quote_spanned!(there=> let #keeping = #at::keeping::<#kept, #answer>(););
        let end = quote_spanned!(there=> #at::end_local::<_, #answer>(#keeping, #claim, &#own, #keeps););
        let bind = self.bind(cx, &claim, false, &start);
        quote_spanned! {span=> #label: {
            #find
            #find_keeping
            #bind
            let #own: #answer = #inner;
            #end
            #own
        }}
    }

    /// The record is in a store.
    pub(super) fn write_in_store(&self, cx: &Cx<'_>, store: &Expr, inner: TokenStream) -> TokenStream {
        let (root, answer, label) = (cx.root, cx.answer(), cx.label());
        let (claim, call) = (cx.own("claim"), cx.own("call"));
        let (policy, find) = self.find(cx);
        let (span, deadline, key) = (Span::mixed_site(), cx.deadline_instant(), self.key());
        let own = Ident::new("__mainstay_answer", span);
        let (kept, keeps) = self.kept(cx, &own);
        let kept_too = Ident::new("__mainstay_keeps", span);
        let refuse = cx.refuse(&quote_spanned!(span=> __mainstay_error));
        let store = { root.stored(store) };
        let at_key = root.at(key.span());
        let made = quote_spanned!(key.span()=> #at_key::in_store(#policy, #store, #key));
        let made = match self.payload() {
            Some(payload) => {
                let printed = quote_spanned!(self.fingerprint_span()=> #made.fingerprint(#payload));
                quote_spanned! {span=>
                    match #printed {
                        ::core::result::Result::Ok(__mainstay_call) => __mainstay_call,
                        ::core::result::Result::Err(__mainstay_error) => break #label #refuse,
                    }
                }
            }
            None => made,
        };
        let (there, at) = (cx.return_span(), root.at(cx.return_span()));
        let keeping = Ident::new("__mainstay_keeping", span.located_at(there));
        let find_keeping =
            quote_spanned!(there=> let #keeping = #at::keeping_in::<#kept, #answer, _>(&#call););
        let (start, run, end) = match (&self.options.transaction, cx.is_async()) {
            (Some(transaction), _) => {
                let transaction = &transaction.value.0;
                let here = transaction.span();
                let mut call = call.clone();
                call.set_span(call.span().located_at(here));
                let within = quote_spanned!(here=> &mut *#transaction);
                (
                    quote_spanned!(here=> #call.start_within::<_, #answer, _>(#keeping, #within, #deadline).await),
                    inner,
                    quote_spanned! {here=>
                        #call.end_within::<_, #answer, _>(#keeping, #within, #claim, #own, #kept_too).await
                    },
                )
            }
            (None, true) => (
                quote_spanned!(there=> #at::Call::start_async::<_, #answer>(&#call, #keeping, #deadline).await),
                quote_spanned! {span=>
                    #root::renewing(&mut #claim, async {
                        let __mainstay_answer: #answer = #inner;
                        __mainstay_answer
                    }).await
                },
                quote_spanned!(there=> #at::Call::end_async::<_, #answer>(&#call, #keeping, #claim, #own, #kept_too).await),
            ),
            (None, false) => (
                quote_spanned!(there=> #at::Call::start::<_, #answer>(&#call, #keeping, #deadline)),
                inner,
                quote_spanned!(there=> #at::Call::end::<_, #answer>(&#call, #keeping, #claim, #own, #kept_too)),
            ),
        };
        let is_renewed = self.options.transaction.is_none() && cx.is_async();
        let bind = self.bind(cx, &claim, is_renewed, &start);
        quote_spanned! {span=> #label: {
            #find
            let #call = #made;
            #find_keeping
            #bind
            let #own: #answer = #run;
            let #kept_too = #keeps;
            match #end {
                ::core::result::Result::Ok(__mainstay_answer) => __mainstay_answer,
                ::core::result::Result::Err(__mainstay_error) => #refuse,
            }
        }}
    }

    fn fingerprint_span(&self) -> Span {
        self.options.fingerprint.as_ref().map_or_else(Span::call_site, |given| given.key.span())
    }
}
