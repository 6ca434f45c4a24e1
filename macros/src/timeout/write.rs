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
        let from_static = match &self.options.exact {
            Some(_) => quote!(from_static_exact),
            None => quote!(from_static),
        };
        let make = quote!(#root::Timeout::#from_static(#name, #root::Duration::from_nanos(#nanos)));
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

    fn limit_given(&self, cx: &Cx<'_>, timeout: &Ident) -> TokenStream {
        let root = cx.root;
        match self.limit() {
            Some(Duration::Expr(expr)) => {
                let span = Span::mixed_site();
                quote_spanned!(span=> { let __mainstay_limit: #root::Duration = #expr; __mainstay_limit })
            }
            Some(known) => known.write(root),
            None => quote!(#timeout.limit()),
        }
    }

    /// Runs `leaf` under this limit where nothing else is: then no deadline need be kept for others to ask.
    pub(crate) fn limits_only(&self, cx: &Cx<'_>, leaf: &TokenStream) -> Option<TokenStream> {
        let is_computed = matches!(self.limit(), Some(Duration::Expr(_)));
        if !cx.is_async() || !cx.is_innermost() || cx.deadline.is_some() || is_computed {
            return None;
        }
        let (root, slot, span) = (cx.root, cx.slot(), Span::mixed_site());
        let limit = match &self.options.with {
            Some(with) => {
                let expr = &with.value.0;
                quote_spanned!(span=> #root::own_timeout(&(#expr)))
            }
            None => quote_spanned!(span=> &#slot),
        };
        Some(quote_spanned!(span=> #root::limited(#limit, #leaf)))
    }

    pub(super) fn write_deadline(&self, cx: &Cx<'_>, inner: TokenStream) -> TokenStream {
        let (root, timeout, deadline) = (cx.root, cx.own("timeout"), cx.own("deadline"));
        let (find, limit) = (self.find(cx, &timeout), self.limit_given(cx, &timeout));
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
        let (root, answer, timeout) = (cx.root, cx.answer(), cx.own("timeout"));
        let (find, limit) = (self.find(cx, &timeout), self.limit_given(cx, &timeout));
        let span = Span::mixed_site();
        let refuse = cx.refuse(&quote_spanned!(span=> __mainstay_error));
        let declared = cx.stack.declared_flow();
        // What the layers inside have noted comes back from the thread with the answer.
        let (given, taken, noted) = match declared.is_empty() {
            true => {
                let answer = quote_spanned!(span=> __mainstay_answer);
                (answer.clone(), answer, TokenStream::new())
            }
            false => {
                let flow = cx.flow();
                let inner = quote_spanned!(span=> __mainstay_inner_flow);
                (
                    quote_spanned!(span=> (__mainstay_answer, #flow)),
                    quote_spanned!(span=> (__mainstay_answer, #inner)),
                    quote_spanned!(span=> #flow = #inner;),
                )
            }
        };
        quote_spanned! {span=> {
            #find
            match #root::on_thread(#timeout, #limit, move || {
                #declared
                let __mainstay_answer: #answer = #inner;
                #given
            }) {
                ::core::result::Result::Ok(#taken) => { #noted __mainstay_answer }
                ::core::result::Result::Err(__mainstay_error) => #refuse,
            }
        }}
    }
}
