use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;

use super::read::Room;
use crate::{stack::Cx, values::constant_span};

impl Room {
    pub(super) fn write_policy(&self, cx: &Cx<'_>) -> (TokenStream, TokenStream) {
        let (root, options) = (cx.root, &self.options);
        let mut config = quote!(#root::metered::MeteredConfig::new());
        if let Some(given) = &options.labels {
            let names = given.value.0.iter().map(|(name, _)| name.unraw().to_string());
            config.extend(quote!(.labels(&[#(#names),*])));
        }
        if let Some(given) = &options.buckets {
            let bounds = &given.value;
            config.extend(quote!(.buckets(#bounds)));
        }
        if let Some(given) = &options.slo {
            let slo = given.value.write(root);
            config.extend(quote!(.slo(#slo)));
        }
        let name = cx.head.name_tokens();
        let span = constant_span(&self.constants());
        let at = root.at(span);
        let config = quote_spanned!(span=> #at::metered::MeteredConfig::checked(#config));
        (quote!(#root::metered::Metered), quote!(#root::metered::Metered::from_static(#name, #config)))
    }

    pub(super) fn write_meter(&self, cx: &Cx<'_>, inner: TokenStream) -> TokenStream {
        let (root, answer, slot, call) = (cx.root, cx.answer(), cx.slot(), cx.own("call"));
        let span = Span::mixed_site();
        let begin = match &self.options.labels {
            None => quote_spanned!(span=> #slot.get().begin()),
            Some(given) => {
                let values = given.value.0.iter().map(|(_, value)| value);
                // Where the option stands, as rustc looks in no tuple that is written elsewhere than the values.
                let labels = quote_spanned!(given.key.span()=> (#(#values,)*));
                quote_spanned!(span=> #root::metered::begin(#slot.get(), #labels))
            }
        };
        let outcome = self.outcome(cx);
        quote_spanned! {span=> {
            let #call = #begin;
            let __mainstay_answer: #answer = #inner;
            #call.end(#outcome);
            __mainstay_answer
        }}
    }

    /// How the call ended. Whether the answer is a `Result` need not show in its spelling: rustc finds it out.
    fn outcome(&self, cx: &Cx<'_>) -> TokenStream {
        let (root, span) = (cx.root, Span::mixed_site());
        if cx.stack.returns.is_surely_no_result() {
            return quote_spanned!(span=> #root::metered::Outcome::Ok);
        }
        let flow = cx.flow();
        quote_spanned! {span=>
            match #root::error_of!(&__mainstay_answer) {
                ::core::option::Option::None => #root::metered::Outcome::Ok,
                ::core::option::Option::Some(__mainstay_error) => {
                    #root::metered::failed(#flow, #root::class_of!(__mainstay_error))
                }
            }
        }
    }
}
