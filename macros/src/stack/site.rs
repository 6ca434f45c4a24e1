//! The statics of an annotated function: its policies and its entry in the catalog.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Ident, ext::IdentExt};

use super::{Cx, layer::Stack};

/// The constant that holds the module path and name of the function.
pub(super) fn path() -> Ident {
    Ident::new("__MAINSTAY_PATH", Span::mixed_site())
}

/// The static that is the function's entry in the catalog.
pub(crate) fn site() -> Ident {
    Ident::new("__MAINSTAY_SITE", Span::mixed_site())
}

/// The name of a policy without a written one: the function's path, and a number for all but the first of a kind.
pub(super) fn default_name(function: &Ident, before: usize) -> TokenStream {
    if before == 0 {
        return path().to_token_stream();
    }
    let (name, number) = (function.unraw().to_string(), format!("#{}", before + 1));
    quote!(::core::concat!(::core::module_path!(), "::", #name, #number))
}

/// A use of the attributes that were taken in: they are never resolved as macros, so their imports would look unused.
pub(crate) fn imports(taken_in: &[&syn::Path]) -> Option<TokenStream> {
    let paths = taken_in.iter().map(|path| not_an_argument(path));
    (!taken_in.is_empty()).then(|| quote!(#[allow(unused_imports)] use {#(#paths as _),*};))
}

/// An argument may have the name of an attribute, `timeout` for one, and an import cannot be of an argument.
fn not_an_argument(path: &syn::Path) -> syn::Path {
    let mut path = path.clone();
    if let Some(first) = path.segments.first_mut() {
        first.ident.set_span(Span::mixed_site().located_at(first.ident.span()));
    }
    path
}

impl Stack {
    pub(super) fn statics(&self, function: &Ident) -> TokenStream {
        let span = Span::mixed_site();
        let root = &self.root;
        let (path, name) = (path(), function.unraw().to_string());
        let mut policies = TokenStream::new();
        let mut entries = Vec::new();
        for (index, layer) in self.layers.iter().enumerate() {
            let cx = Cx::new(self, index, None);
            let (attribute, text) = (layer.head.kind.name(), &layer.head.text);
            let policy = match layer.room.policy(&cx) {
                Some((ty, make)) => {
                    let slot = cx.slot();
                    let named = layer.head.name.is_some();
                    policies.extend(quote_spanned! {span=>
                        static #slot: #root::Slot<#ty> = #root::Slot::new(#make, #named, &__MAINSTAY_SITE);
                    });
                    quote!(::core::option::Option::Some(&#slot))
                }
                None => quote!(::core::option::Option::None),
            };
            let spending = layer.room.budget().map(|budget| {
                let (slot, (make, named)) = (cx.budget_slot(), budget.write(&cx));
                policies.extend(quote_spanned! {span=>
                    static #slot: #root::Slot<#root::Budget> = #root::Slot::new(#make, #named, &__MAINSTAY_SITE);
                });
                quote!(.spending(&#slot))
            });
            entries.push(quote!(#root::Layer::new(#attribute, #text, #policy) #spending));
        }
        let imports = imports(&self.taken_in());
        quote_spanned! {span=>
            #imports
            const #path: &::core::primitive::str = ::core::concat!(::core::module_path!(), "::", #name);
            #policies
            #[#root::linkme::distributed_slice(#root::SITES)]
            #[linkme(crate = #root::linkme)]
            static __MAINSTAY_SITE: #root::Site = #root::Site::new(
                #path,
                ::core::file!(),
                ::core::line!(),
                &[#(#entries),*],
            );
        }
    }

    /// The paths of the attributes that were taken in by the one being expanded.
    pub(crate) fn taken_in(&self) -> Vec<&syn::Path> {
        self.layers.iter().filter_map(|layer| layer.head.path.as_ref()).collect()
    }

    /// The stack as a paragraph of the function's documentation.
    pub(super) fn documentation(&self) -> TokenStream {
        let mut text = String::from("\n\n**Runs under**, outermost first:\n");
        for (number, layer) in self.layers.iter().enumerate() {
            let (name, options) = (layer.head.kind.name(), &layer.head.text);
            let options = if options.is_empty() { String::new() } else { format!("({options})") };
            text.push_str(&format!("\n{}. `#[{name}{options}]`", number + 1));
        }
        quote!(#[doc = #text])
    }
}
