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
    pub(super) fn write_policy(&self, cx: &Cx<'_>) -> (TokenStream, TokenStream) {
        let (root, name) = (cx.root, cx.head.name_tokens());
        (quote!(#root::FallbackSwitch), quote!(#root::FallbackSwitch::from_static(#name)))
    }

    pub(super) fn write_match(&self, cx: &Cx<'_>, inner: TokenStream) -> TokenStream {
        let (answer, slot, ran) = (cx.answer(), cx.slot(), cx.stack.note_ran());
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
        let is_on = quote_spanned!(span=> #slot.get().is_on());
        let guards = on_time.into_iter().chain(covered);
        let guard = guards.fold(is_on, |one, other| quote!(#one && #other));
        let outcome = cx.fallible("into_outcome", &quote_spanned!(span=> __mainstay_answer));
        let again = cx.fallible("from_outcome", &quote_spanned!(span=> __mainstay_outcome));
        let call = self.call(cx);
        quote_spanned! {span=> {
            let __mainstay_answer: #answer = #inner;
            match #outcome {
                ::core::result::Result::Err(#error) if #guard => {
                    #slot.get().note();
                    #ran
                    // A closure that takes arguments by name cannot be replaced by the function it calls.
                    #[allow(clippy::redundant_closure)]
                    let __mainstay_answer: #answer = #call;
                    __mainstay_answer
                }
                __mainstay_outcome => #again,
            }
        }}
    }

    fn call(&self, cx: &Cx<'_>) -> TokenStream {
        let root = cx.root;
        let Some(callable) = &self.callable else { return quote!(loop {}) };
        let span = callable.span();
        let (at, answer, error) = (root.at(span), cx.answer(), callable.located("__mainstay_error"));
        let called = match callable {
            Callable::Closure(closure) => {
                let arguments: Vec<_> = arity(closure).into_iter().skip(1).flatten().cloned().collect();
                let call = format_ident!("fall_back_{}", arguments.len(), span = span);
                match cx.is_async() {
                    true => quote_spanned!(span=> #at::#call(#closure, #error #(, #arguments)*)),
                    // The type of the answer is told first, so that a wrong one is reported inside the closure.
                    false => {
                        let others = arguments.iter().map(|_| quote!(, _));
                        quote_spanned!(span=> #at::#call::<_, #answer #(#others)*>(#closure, #error #(, #arguments)*))
                    }
                }
            }
            Callable::Path(path) => {
                let arguments = match cx.stack.arguments.offered() {
                    Some(arguments) => respanned(arguments, span),
                    None => quote_spanned!(span=> #at::ArgumentsForClosuresOnly),
                };
                let itself = match cx.stack.frame.renamed_self {
                    true => quote!(__self),
                    false => cx.stack.arguments.itself.to_token_stream(),
                };
                let this = match cx.stack.arguments.receiver {
                    Some(Receiver::Shared | Receiver::Exclusive) => quote!(&*#itself),
                    Some(Receiver::Owned | Receiver::Borrowing) | None => quote!(()),
                };
                quote_spanned!(span=> #at::FallbackPath::fall_back(#path, #this, #error, #arguments))
            }
        };
        match (cx.is_async(), callable) {
            (true, _) => {
                let reply = quote_spanned!(span=> #at::reply::<#answer, _, _>(#called));
                cx.within_deadline(span, &reply, |late| late)
            }
            (false, Callable::Closure(_)) => called,
            (false, Callable::Path(_)) => quote_spanned!(span=> #at::answer::<#answer, _>(#called)),
        }
    }
}

/// The tokens, reported at `span`.
fn respanned(tokens: TokenStream, span: Span) -> TokenStream {
    let move_to = |mut token: proc_macro2::TokenTree| {
        token.set_span(span.resolved_at(token.span()));
        token
    };
    tokens.into_iter().map(move_to).collect()
}
