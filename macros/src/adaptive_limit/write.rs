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
        let module = quote!(#root::adaptive_limit);
        let mut config = quote!(#module::AdaptiveLimitConfig::new());
        if let Some(given) = &options.algorithm {
            let word = &given.value;
            config.extend(quote!(.algorithm(#module::Algorithm::#word)));
        }
        for (name, given) in [("initial", &options.initial), ("min", &options.min), ("max", &options.max)] {
            if let Some(given) = given {
                let (name, value) = (Ident::new(name, Span::mixed_site()), &given.value);
                config.extend(quote!(.#name(#value)));
            }
        }
        let ratios = [
            ("backoff_ratio", &options.backoff_ratio),
            ("normal_share", &options.normal_share),
            ("sheddable_share", &options.sheddable_share),
        ];
        for (name, given) in ratios {
            if let Some(given) = given {
                let (name, value) = (Ident::new(name, Span::mixed_site()), &given.value);
                config.extend(quote!(.#name(#value)));
            }
        }
        if let Some(given) = &options.latency_threshold {
            let threshold = given.value.write(root);
            config.extend(quote!(.latency_threshold(#threshold)));
        }
        let name = cx.head.name_tokens();
        let span = constant_span(&self.constants());
        let at = root.at(span);
        let config = quote_spanned!(span=> #at::adaptive_limit::AdaptiveLimitConfig::checked(#config));
        Some((quote!(#module::AdaptiveLimit), quote!(#module::AdaptiveLimit::from_static(#name, #config))))
    }

    pub(super) fn write_limit(&self, cx: &Cx<'_>, inner: TokenStream) -> TokenStream {
        let (root, span) = (cx.root, Span::mixed_site());
        let (limit, permit) = (cx.own("limit"), cx.own("permit"));
        let source = cx.policy(self.options.with.as_ref());
        let find = quote_spanned!(span=> let #limit: &#root::adaptive_limit::AdaptiveLimit = #source;);
        let priority = match &self.options.priority {
            Some(given) => given.value.write(root, &cx.stack.arguments),
            None => quote_spanned!(span=> #root::adaptive_limit::Priority::Critical),
        };
        let admit = quote_spanned!(span=> #limit.try_enter(#priority));
        let on_error = self.told(cx);
        cx.under_permit(Permit { name: &permit, find, admit, on_value: "success", on_error }, &inner)
    }

    /// What an error tells about the load.
    fn told(&self, cx: &Cx<'_>) -> TokenStream {
        let (root, flow, options) = (cx.root, cx.flow(), &self.options);
        let span = Span::mixed_site();
        let error = Ident::new("__mainstay_error", span);
        match cx.listed(options.overload_on.as_ref(), options.overload_if.as_ref()) {
            None => quote_spanned!(span=> #root::adaptive_limit::told(#flow, #root::class_of!(#error))),
            Some(listed) => quote_spanned! {span=>
                if #listed { #root::adaptive_limit::Outcome::Overload } else { #root::adaptive_limit::unlisted(#flow) }
            },
        }
    }
}
