use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{ext::IdentExt, spanned::Spanned};

use super::{
    after::Earlier,
    read::{Model, PhaseWord},
};
use crate::{
    item::{Function, Returns},
    stack::Root,
};

impl Model {
    pub(super) fn write(&self, function: &Function) -> TokenStream {
        let root = Root::new(self.krate.as_ref());
        let span = Span::mixed_site();
        let ident = &function.sig.ident;
        let name = match &self.options.name {
            Some(given) => {
                let name = &given.value.0;
                quote!(#name)
            }
            None => {
                let name = ident.unraw().to_string();
                quote!(::core::concat!(::core::module_path!(), "::", #name))
            }
        };
        let phase = self.phase();
        let after = self.options.after.iter().flat_map(|given| &given.value.0).map(|earlier| match earlier {
            Earlier::Name(name) => quote!(#root::After::Name(#name)),
            Earlier::Function(path) => {
                let at = root.at(path.span());
                quote_spanned!(path.span()=> #at::After::Function(|| #at::key_of(&#path)))
            }
        });
        let timeout = match &self.options.timeout {
            Some(given) => {
                let timeout = given.value.write(&root);
                quote!(::core::option::Option::Some(#timeout))
            }
            None => quote!(::core::option::Option::None),
        };
        let call = self.write_call(&root, function);
        quote_spanned! {span=>
            #[#root::linkme::distributed_slice(#root::HANDLERS)]
            #[linkme(crate = #root::linkme)]
            static __MAINSTAY_HANDLER: #root::Linked = #root::Linked::new(
                #name,
                (::core::file!(), ::core::line!()),
                #root::LinkedOptions { phase: #root::Phase::#phase, after: &[#(#after),*], timeout: #timeout },
                || #root::key_of(&#ident),
                #call,
            );
        }
    }

    /// What is wrong with the answer is told where its type is written.
    fn write_call(&self, root: &Root, function: &Function) -> TokenStream {
        let ident = &function.sig.ident;
        let returns = Returns::of(&function.sig);
        let span = returns.written.as_ref().map_or_else(|| ident.span(), Spanned::span);
        let at = root.at(span);
        if returns.flavor.is_async() {
            quote_spanned!(span=> #at::HandlerCall::Async(|| #at::handle(#ident)))
        } else {
            quote_spanned!(span=> #at::HandlerCall::Sync(|| #at::handle_sync(#ident)))
        }
    }

    fn phase(&self) -> PhaseWord {
        self.options.phase.as_ref().map_or(PhaseWord::Close, |given| given.value)
    }

    pub(super) fn documentation(&self) -> TokenStream {
        let word = match self.phase() {
            PhaseWord::Announce => "announce",
            PhaseWord::Stop => "stop",
            PhaseWord::Flush => "flush",
            PhaseWord::Close => "close",
        };
        let text = format!("\n\n**Runs at shutdown**, in the phase `{word}`.");
        quote!(#[doc = #text])
    }
}
