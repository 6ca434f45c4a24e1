use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::Ident;

use super::read::Room;
use crate::{stack::Cx, values::Duration};

impl Room {
    pub(super) fn write_policy(&self, cx: &Cx<'_>) -> Option<(TokenStream, TokenStream)> {
        if self.options.with.is_some() {
            return None;
        }
        let (root, name) = (cx.root, cx.head.name_tokens());
        let nanos = self.nanos().unwrap_or_default();
        let make = quote!(#root::Timeout::from_static(#name, #root::Duration::from_nanos(#nanos)));
        Some((quote!(#root::Timeout), make))
    }

    /// Binds `timeout` to the policy.
    fn find(&self, cx: &Cx<'_>, timeout: &Ident) -> TokenStream {
        let (root, slot, span) = (cx.root, cx.slot(), Span::mixed_site());
        match &self.options.with {
            Some(with) => {
                let expr = &with.value.0;
                quote_spanned!(span=> let #timeout: &#root::Timeout = &(#expr);)
            }
            None => quote_spanned!(span=> let #timeout: &#root::Timeout = #slot.get();),
        }
    }

    fn limit(&self, cx: &Cx<'_>, timeout: &Ident) -> TokenStream {
        let root = cx.root;
        match &self.limit {
            Some(Duration::Expr(expr)) => {
                let span = Span::mixed_site();
                quote_spanned!(span=> { let __mainstay_limit: #root::Duration = #expr; __mainstay_limit })
            }
            Some(known) => known.write(root),
            None => quote!(#timeout.limit()),
        }
    }

    pub(super) fn write_deadline(&self, cx: &Cx<'_>, inner: TokenStream) -> TokenStream {
        let (root, timeout, deadline) = (cx.root, cx.own("timeout"), cx.own("deadline"));
        let (find, limit) = (self.find(cx, &timeout), self.limit(cx, &timeout));
        let around = match &cx.deadline {
            Some(around) => quote!(::core::option::Option::Some(&#around)),
            None => quote!(::core::option::Option::None),
        };
        let span = Span::mixed_site();
        quote_spanned! {span=> {
            #find
            let #deadline = #root::Deadline::new(#timeout, #limit, #around);
            #inner
        }}
    }

    pub(super) fn write_thread(&self, cx: &Cx<'_>, inner: TokenStream) -> TokenStream {
        let (root, answer, flow, timeout) = (cx.root, cx.answer(), cx.flow(), cx.own("timeout"));
        let (find, limit) = (self.find(cx, &timeout), self.limit(cx, &timeout));
        let span = Span::mixed_site();
        let refuse = cx.refuse(&quote_spanned!(span=> __mainstay_error));
        quote_spanned! {span=> {
            #find
            match #root::on_thread(#timeout, #limit, move || {
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
        }}
    }
}
