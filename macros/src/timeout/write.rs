use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};

use super::read::Room;
use crate::{stack::Cx, values::Duration};

impl Room {
    pub(super) fn write_policy(&self, cx: &Cx<'_>) -> (TokenStream, TokenStream) {
        let (root, name) = (cx.root, cx.head.name_tokens(cx.function));
        let nanos = self.nanos().unwrap_or_default();
        let make = quote!(#root::Timeout::from_static(#name, #root::Duration::from_nanos(#nanos)));
        (quote!(#root::Timeout), make)
    }

    fn limit(&self, cx: &Cx<'_>) -> TokenStream {
        let root = cx.root;
        match &self.limit {
            Some(Duration::Expr(expr)) => {
                let span = Span::mixed_site();
                quote_spanned!(span=> { let __mainstay_limit: #root::Duration = #expr; __mainstay_limit })
            }
            Some(known) => known.write(root),
            None => quote!(#root::Duration::ZERO),
        }
    }

    pub(super) fn write_deadline(&self, cx: &Cx<'_>, inner: TokenStream) -> TokenStream {
        let (root, slot, deadline, limit) = (cx.root, cx.slot(), cx.own("deadline"), self.limit(cx));
        let around = match &cx.deadline {
            Some(around) => quote!(::core::option::Option::Some(&#around)),
            None => quote!(::core::option::Option::None),
        };
        let span = Span::mixed_site();
        quote_spanned! {span=> {
            let #deadline = #root::Deadline::new(#slot.get(), #limit, #around);
            #inner
        }}
    }

    pub(super) fn write_thread(&self, cx: &Cx<'_>, inner: TokenStream) -> TokenStream {
        let (root, slot, answer, flow, limit) = (cx.root, cx.slot(), cx.answer(), cx.flow(), self.limit(cx));
        let span = Span::mixed_site();
        let refuse = cx.refuse(&quote_spanned!(span=> __mainstay_error));
        quote_spanned! {span=>
            match #root::on_thread(#slot.get(), #limit, move || {
                #[allow(unused_mut)]
                let mut #flow = #root::Flow::new();
                let __mainstay_answer: #answer = #inner;
                (__mainstay_answer, #flow)
            }) {
                ::core::result::Result::Ok((__mainstay_answer, __mainstay_inner_flow)) => {
                    #flow = __mainstay_inner_flow;
                    __mainstay_answer
                }
                ::core::result::Result::Err(__mainstay_error) => #refuse,
            }
        }
    }
}
