use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::Ident;

use super::read::Room;
use crate::{
    stack::{Cx, Permit},
    values::constant_span,
};

impl Room {
    pub(super) fn write_policy(&self, cx: &Cx<'_>) -> Option<(TokenStream, TokenStream)> {
        let (root, options) = (cx.root, &self.options);
        if options.with.is_some() {
            return None;
        }
        let mut config = quote!(#root::throttle::ThrottleConfig::new());
        if let Some(given) = &options.k {
            let k = &given.value;
            config.extend(quote!(.k(#k)));
        }
        if let Some(given) = &options.window {
            let window = given.value.write(root);
            config.extend(quote!(.window(#window)));
        }
        if let Some(given) = &options.minimum_calls {
            let calls = &given.value;
            config.extend(quote!(.minimum_calls(#calls)));
        }
        if let Some(given) = &options.max_rejection_rate {
            let rate = &given.value;
            config.extend(quote!(.max_rejection_rate(#rate)));
        }
        let name = cx.head.name_tokens();
        let span = constant_span(&self.constants());
        let at = root.at(span);
        let config = quote_spanned!(span=> #at::throttle::ThrottleConfig::checked(#config));
        Some((
            quote!(#root::throttle::Throttle),
            quote!(#root::throttle::Throttle::from_static(#name, #config)),
        ))
    }

    pub(super) fn write_throttle(&self, cx: &Cx<'_>, inner: TokenStream) -> TokenStream {
        let (root, span) = (cx.root, Span::mixed_site());
        let (throttle, permit) = (cx.own("throttle"), cx.own("permit"));
        let source = cx.policy(self.options.with.as_ref());
        let find = quote_spanned!(span=> let #throttle: &#root::throttle::Throttle = #source;);
        let admit = quote_spanned!(span=> #throttle.admit());
        let on_error = self.known(cx);
        cx.under_permit(Permit { name: &permit, find, admit, on_value: "accepted", on_error }, &inner)
    }

    /// What an error says of what the server made of the call.
    fn known(&self, cx: &Cx<'_>) -> TokenStream {
        let (root, flow, options) = (cx.root, cx.flow(), &self.options);
        let span = Span::mixed_site();
        let error = Ident::new("__mainstay_error", span);
        let known = match cx.listed(options.reject_on.as_ref(), options.reject_if.as_ref()) {
            None => quote_spanned!(span=> #root::throttle::known(#flow, #root::class_of!(#error))),
            Some(listed) => quote_spanned! {span=>
                if #listed { #root::throttle::Outcome::Rejected } else { #root::throttle::unlisted(#flow) }
            },
        };
        match &options.ignore_on {
            Some(given) => {
                let ignored = given.value.matches(&error);
                quote_spanned!(span=> if #ignored { #root::throttle::Outcome::Ignored } else { #known })
            }
            None => known,
        }
    }
}
