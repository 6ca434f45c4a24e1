use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{Lifetime, spanned::Spanned};

use super::{read::Room, write::Names};
use crate::stack::Cx;

impl Room {
    /// What makes the second tier of this call, and an expression that gives it out of the block.
    pub(super) fn tier(&self, cx: &Cx<'_>, cache: &Ident, key: &Ident) -> (TokenStream, TokenStream) {
        let Some(given) = &self.options.store else { return (TokenStream::new(), quote!(())) };
        let store = &given.value.0;
        let span = store.span();
        let (at, key) =
            (cx.root.at(span), Ident::new(&key.to_string(), span.resolved_at(Span::mixed_site())));
        let tier = Ident::new("__mainstay_store", span.resolved_at(Span::mixed_site()));
        let stored = cx.root.stored(store);
        let make = quote_spanned! {span=>
            let #tier = #at::cached::Tier::of(#cache, &#stored, #key);
        };
        (make, quote!(#tier))
    }

    /// Loads, and sees to it that others have it too: what the one does who leads. An expression of the answer.
    pub(super) fn leader(
        &self,
        cx: &Cx<'_>,
        names: &Names,
        inner: TokenStream,
        deadline: &Option<Ident>,
    ) -> TokenStream {
        let (root, answer, span) = (cx.root, cx.answer(), Span::mixed_site());
        let Names { sharing, absent, lead, tier } = names;
        let flow = cx.flow();
        let Some(given) = &self.options.store else {
            let label = lead_label(cx);
            let cut_off = cut_off(&label, lead, deadline);
            let labelled = (!cut_off.is_empty()).then(|| quote_spanned!(span=> #label:));
            return quote_spanned! {span=> #labelled {
                let __mainstay_answer: #answer = #inner;
                #cut_off
                #root::cached::settle::<#answer, _>(#lead, __mainstay_answer, #flow, #sharing, #absent)
            }};
        };
        let label = lead_label(cx);
        let cut_off = cut_off(&label, lead, deadline);
        let store_span = given.value.0.span().resolved_at(span);
        let at = root.at(given.value.0.span());
        let (ran, refuse) = (cx.stack.note_ran(), cx.refuse(&quote_spanned!(span=> __mainstay_error)));
        let get = match cx.is_async() {
            true => {
                let get = quote_spanned!(store_span=> #at::cached::get::<#answer, _, _>(&#tier, &mut #lead));
                match deadline {
                    Some(_) => {
                        cx.within_deadline(span, &get, |late| quote_spanned!(span=> break #label #late))
                    }
                    None => quote_spanned!(span=> #get.await),
                }
            }
            false => {
                quote_spanned!(store_span=> #at::cached::get_blocking::<#answer, _, _>(&#tier, &mut #lead))
            }
        };
        let note = quote_spanned! {store_span=>
            #at::cached::note::<#answer, _, _>(&#tier, &#lead, &__mainstay_answer, #absent)
        };
        let put = match cx.is_async() {
            true => quote_spanned!(span=> #tier.put(__mainstay_note).await;),
            false => quote_spanned!(span=> #root::cached::put_blocking(&#tier, __mainstay_note);),
        };
        let value = Ident::new("__mainstay_value", span);
        let found = cx.answer_of("Ok", &value);
        quote_spanned! {span=> #label: {
            match #get {
                ::core::result::Result::Ok(::core::option::Option::Some((#value, __mainstay_left))) => {
                    #lead.keep(&#value, __mainstay_left, #absent);
                    #ran
                    break #label #found;
                }
                ::core::result::Result::Ok(::core::option::Option::None) => {}
                ::core::result::Result::Err(__mainstay_error) => break #label #refuse,
            }
            let __mainstay_answer: #answer = #inner;
            #cut_off
            let __mainstay_note = #note;
            let __mainstay_answer = #root::cached::settle::<#answer, _>(
                #lead,
                __mainstay_answer,
                #flow,
                #sharing,
                #absent,
            );
            #put
            __mainstay_answer
        }}
    }
}

fn lead_label(cx: &Cx<'_>) -> Lifetime {
    Lifetime::new(&format!("{}_lead", cx.label()), Span::mixed_site())
}

/// A time limit further out is this caller's own: where it cuts the load off, those who wait go on with theirs.
fn cut_off(label: &Lifetime, lead: &Ident, deadline: &Option<Ident>) -> TokenStream {
    let Some(deadline) = deadline else { return TokenStream::new() };
    let span = Span::mixed_site();
    quote_spanned! {span=>
        if #deadline.has_passed() {
            ::core::mem::drop(#lead);
            break #label __mainstay_answer;
        }
    }
}
