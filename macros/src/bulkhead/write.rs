use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};

use syn::Lifetime;

use super::read::Room;
use crate::{stack::Cx, values::constant_span};

impl Room {
    pub(super) fn write_policy(&self, cx: &Cx<'_>) -> Option<(TokenStream, TokenStream)> {
        let (root, options) = (cx.root, &self.options);
        let limit = self.limit.as_ref()?;
        let mut config = quote!(#root::BulkheadConfig::new(#limit));
        if let Some(given) = &options.max_wait {
            let wait = given.value.write(root);
            config.extend(quote!(.max_wait(#wait)));
        }
        if let Some(given) = &options.max_queue {
            let queue = &given.value.0;
            config.extend(quote!(.max_queue(#queue)));
        }
        let name = cx.head.name_tokens();
        let span = constant_span(&self.constants());
        let at = root.at(span);
        let config = quote_spanned!(span=> #at::BulkheadConfig::checked(#config));
        let make = quote!(#root::Bulkhead::from_static(#name, #config));
        Some((quote!(#root::Bulkhead), make))
    }

    pub(super) fn write_entry(&self, cx: &Cx<'_>, inner: TokenStream) -> TokenStream {
        let (root, answer, label) = (cx.root, cx.answer(), cx.label());
        let span = Span::mixed_site();
        let (bulkhead, permit) = (cx.own("bulkhead"), cx.own("permit"));
        let source = cx.policy(self.options.with.as_ref());
        let refuse = cx.refuse(&quote_spanned!(span=> __mainstay_error));
        let deadline = cx.deadline_instant();
        let entry = match (self.waits(), cx.is_async()) {
            (true, true) => quote_spanned!(span=> #bulkhead.enter_until_async(#deadline).await),
            // Overrides may give it a queue that the code does not give it.
            (false, true) => quote_spanned! {span=> {
                let __mainstay_wait = match #bulkhead.queue_up(#deadline) {
                    ::core::result::Result::Ok(__mainstay_wait) => __mainstay_wait,
                    ::core::result::Result::Err(__mainstay_error) => break #label #refuse,
                };
                __mainstay_wait.await
            }},
            (_, false) => quote_spanned!(span=> #bulkhead.enter_until(#deadline)),
        };
        let late = match &cx.deadline {
            Some(deadline) => cx.refuse(&quote_spanned!(span=> #root::pass(&#deadline))),
            None => cx.refuse(&quote_spanned!(span=> #root::full(#bulkhead))),
        };
        // What was asked first is gone before the wait, so that the future has no room for it.
        let entered = Lifetime::new(&format!("{label}_entered"), span);
        let entered = quote_spanned! {span=> #entered: {
            if let ::core::option::Option::Some(__mainstay_permit) = #bulkhead.enter_now() {
                break #entered __mainstay_permit;
            }
            match #entry {
                #root::Entry::Entered(__mainstay_permit) => __mainstay_permit,
                #root::Entry::Refused(__mainstay_error) => break #label #refuse,
                #root::Entry::Elapsed => break #label #late,
            }
        }};
        quote_spanned! {span=> #label: {
            let #bulkhead: &#root::Bulkhead = #source;
            let #permit = #entered;
            let __mainstay_answer: #answer = #inner;
            #permit.leave();
            __mainstay_answer
        }}
    }
}
