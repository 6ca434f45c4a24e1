use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::{Ident, spanned::Spanned};

use super::read::Room;
use crate::{
    item::Receiver,
    stack::Cx,
    values::{Callable, arity},
};

impl Room {
    pub(super) fn write_match(&self, cx: &Cx<'_>, inner: TokenStream) -> TokenStream {
        let (root, answer, flow) = (cx.root, cx.answer(), cx.flow());
        let span = Span::mixed_site();
        let error = Ident::new("__mainstay_error", span);
        let reference = Ident::new("__mainstay_error_ref", span);
        let on_time = cx.deadline.as_ref().map(|_| {
            let passed = cx.deadline_has_passed();
            quote_spanned!(span=> !#passed)
        });
        let covered = self.options.on.as_ref().map(|given| {
            let matches = given.value.matches(&reference);
            quote_spanned!(span=> { let #reference = &#error; #matches })
        });
        let guard = on_time.into_iter().chain(covered).reduce(|one, other| quote!(#one && #other));
        let guard = guard.map(|guard| quote_spanned!(span=> if #guard));
        let call = self.call(cx, &error);
        let name = cx.head.name_tokens(cx.function);
        quote_spanned! {span=> {
            let __mainstay_answer: #answer = #inner;
            match #root::Fallible::into_outcome(__mainstay_answer) {
                ::core::result::Result::Err(#error) #guard => {
                    #flow.fell_back(#name);
                    // A closure that takes arguments by name cannot be replaced by the function it calls.
                    #[allow(clippy::redundant_closure)]
                    let __mainstay_answer: #answer = #call;
                    __mainstay_answer
                }
                __mainstay_outcome => #root::Fallible::from_outcome(__mainstay_outcome),
            }
        }}
    }

    fn call(&self, cx: &Cx<'_>, error: &Ident) -> TokenStream {
        let root = cx.root;
        let Some(callable) = &self.callable else { return quote!(loop {}) };
        let span = callable.span();
        let at = root.at(span);
        let called = match callable {
            Callable::Closure(closure) => {
                let arguments: Vec<_> = arity(closure).into_iter().skip(1).flatten().cloned().collect();
                let call = format_ident!("fall_back_{}", arguments.len(), span = span);
                quote_spanned!(span=> #at::#call(#closure, #error #(, #arguments)*))
            }
            Callable::Path(path) => {
                let arguments = cx.stack.arguments.offered();
                let itself = match cx.stack.frame.renamed_self {
                    true => quote!(__self),
                    false => cx.stack.arguments.itself.to_token_stream(),
                };
                let this = match cx.stack.arguments.receiver {
                    Some(Receiver::Shared | Receiver::Exclusive) => quote!(&*#itself),
                    Some(Receiver::Owned) | None => quote!(()),
                };
                quote_spanned!(span=> #at::FallbackPath::fall_back(#path, #this, #error, #arguments))
            }
        };
        if !cx.is_async() {
            return called;
        }
        let answer = cx.answer();
        let reply = quote_spanned!(span=> #at::reply::<_, #answer, _>(#called));
        cx.within_deadline(&reply, |late| late)
    }
}
