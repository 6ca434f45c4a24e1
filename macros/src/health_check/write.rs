use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{Ident, spanned::Spanned};

use super::read::{OnFail, Options};
use crate::{stack::Root, values::constant_span};

impl Options {
    /// The options as a constant, which is checked when the program is compiled.
    pub(super) fn write(&self, root: &Root) -> TokenStream {
        let options = self.write_plain(root);
        let span = constant_span(&self.expressions());
        let at = root.at(span);
        quote_spanned!(span=> const { #at::health::CheckOptions::checked(#options) })
    }

    fn expressions(&self) -> Vec<&syn::Expr> {
        [&self.timeout, &self.cache].into_iter().flatten().filter_map(|given| given.value.expr()).collect()
    }

    pub(super) fn write_plain(&self, root: &Root) -> TokenStream {
        let mut options = quote!(#root::health::CheckOptions::new());
        let words =
            [(&self.live, quote!(live)), (&self.ready, quote!(ready)), (&self.startup, quote!(startup))];
        for (_, word) in words.iter().filter(|(given, _)| given.is_some()) {
            options.extend(quote!(.#word()));
        }
        if let Some(given) = &self.timeout {
            let limit = given.value.write(root);
            options.extend(quote!(.timeout(#limit)));
        }
        if let Some(given) = &self.cache {
            let time = given.value.write(root);
            options.extend(quote!(.cache(#time)));
        }
        if let Some(given) = &self.on_fail {
            let status = match given.value {
                OnFail::Unhealthy => quote!(Unhealthy),
                OnFail::Degraded => quote!(Degraded),
            };
            options.extend(quote!(.on_fail(#root::health::HealthStatus::#status)));
        }
        options
    }

    /// Whether nothing but `live` asks for it.
    pub(super) fn is_only_live(&self) -> bool {
        self.live.is_some() && self.ready.is_none() && self.startup.is_none()
    }

    /// Whether readiness asks for it.
    pub(super) fn is_ready(&self) -> bool {
        self.ready.is_some() || (self.live.is_none() && self.startup.is_none())
    }
}

/// Names of ours, which mean the same wherever a part of the expansion points.
pub(super) struct Names {
    pub(super) this: Ident,
    pub(super) parts: Ident,
    pub(super) it: Ident,
}

impl Names {
    pub(super) fn new() -> Self {
        let ours = |name| Ident::new(name, Span::mixed_site());
        Self { this: ours("self"), parts: ours("__mainstay_parts"), it: ours("__mainstay_it") }
    }
}

/// One check of a type: what `parts` says of it, and the future that asks it.
pub(super) struct Written {
    pub(super) name: String,
    pub(super) part: TokenStream,
    pub(super) options: TokenStream,
    /// What `check` asks of `self`, and what `readiness` asks.
    pub(super) ask: TokenStream,
    pub(super) ask_ready: TokenStream,
    pub(super) is_live: bool,
    pub(super) is_only_live: bool,
    pub(super) is_ready: bool,
}

/// The future of an answer, boxed. Errors about the answer point at `span`.
pub(super) fn boxed(root: &Root, call: &TokenStream, is_async: bool, span: Span) -> TokenStream {
    let at = root.at(span);
    let answer = if is_async { quote_spanned!(span=> #call.await) } else { quote!(#call) };
    quote_spanned! {span=>
        ::std::boxed::Box::pin(async move { #at::health::IntoHealth::into_health(#answer) })
    }
}

/// The implementation of a type that consists of these checks.
pub(super) fn implementation(
    root: &Root,
    head: &TokenStream,
    (ty, bounds, local_bounds): (&TokenStream, &TokenStream, &TokenStream),
    checks: &[Written],
    locals: &TokenStream,
) -> TokenStream {
    let together = |asked: &dyn Fn(&Written) -> Option<TokenStream>| {
        let all = checks.iter().filter_map(|check| {
            let (name, options, ask) = (&check.name, &check.options, asked(check)?);
            Some(quote!((#name, #options, #ask)))
        });
        quote!(#root::health::together(::std::vec![#(#all),*]))
    };
    let whole = together(&|check| Some(check.ask.clone()));
    let live = together(&|check| check.is_live.then(|| check.ask.clone()));
    let ready = together(&|check| check.is_ready.then(|| check.ask_ready.clone()));
    let parts = checks.iter().map(|check| &check.part);
    let health = quote!(impl ::core::future::Future<Output = #root::health::Health> + ::core::marker::Send);
    let is_local = checks.iter().all(|check| check.is_only_live);
    let local = is_local.then(|| {
        quote! {
            #[automatically_derived]
            impl #head #root::health::LocalCheck for #ty #local_bounds {}
        }
    });
    quote_spanned! {Span::mixed_site()=>
        #[automatically_derived]
        #[allow(private_bounds, trivial_bounds)]
        impl #head #root::health::HealthCheck for #ty #bounds {
            fn check(&self) -> #health {
                #whole
            }

            fn liveness(&self) -> #health {
                #live
            }

            fn readiness(&self) -> #health {
                #ready
            }

            fn parts(mut __mainstay_parts: #root::health::Parts<'_, Self>) {
                #locals
                #(#parts)*
            }
        }
        #local
    }
}

/// The place of a type, or of the attribute where none is written.
pub(super) fn place_of(ty: Option<&syn::Type>) -> Span {
    ty.map_or_else(Span::mixed_site, |ty| Span::mixed_site().located_at(ty.span()))
}
