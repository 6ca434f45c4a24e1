use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};

use super::read::Room;
use crate::stack::Cx;

impl Room {
    pub(super) fn write_timer(&self, cx: &Cx<'_>, inner: TokenStream) -> TokenStream {
        let (root, answer, slot, timing) = (cx.root, cx.answer(), cx.slot(), cx.own("timing"));
        let span = Span::mixed_site();
        let name = cx.head.name_tokens();
        let buckets = match &self.options.buckets {
            Some(given) => {
                let bounds = &given.value;
                quote!(::core::option::Option::Some(#root::metered::MeteredConfig::new().buckets(#bounds).checked_buckets()))
            }
            None => quote!(::core::option::Option::None),
        };
        quote_spanned! {span=> {
            static #slot: #root::metered::TimeIt = #root::metered::TimeIt::new(#name, #buckets);
            let #timing = #slot.start();
            let __mainstay_answer: #answer = #inner;
            ::core::mem::drop(#timing);
            __mainstay_answer
        }}
    }
}
