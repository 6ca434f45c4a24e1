use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{FnArg, Ident, Item, Signature, ext::IdentExt};

use super::{
    Block,
    read::{Given, Options, Place},
    write::{boxed, place_of},
};
use crate::{
    entry::{Addition, Beside},
    errors::Errors,
    item::{Function, Returns},
    stack::Root,
};

/// `#[health_check]` on a function or on an `impl` block.
pub(crate) const BESIDE: Beside = Beside {
    on_function,
    elsewhere: |options, item| match syn::parse2::<Block>(item.clone()) {
        Ok(block) => block.expand(options),
        Err(_) => {
            let error = misplaced(&item).into_compile_error();
            quote!(#error #item)
        }
    },
};

fn on_function(options: TokenStream, function: &mut Function, errors: &mut Errors) -> Addition {
    let given = Given::read(options, Place::Function, errors);
    let returns = Returns::of(&function.sig);
    given.options.check(Place::Function, returns.flavor.is_async(), errors);
    check_signature(&function.sig, errors);
    if let Some(attr) = function.attrs.iter().find(|attr| is_again(attr)) {
        errors.at(attr, "a function is one check: keep one `#[health_check]`");
        function.attrs.retain(|attr| !is_again(attr));
    }
    let statements = site(&Root::new(given.krate.as_ref()), &given.options, &function.sig, &returns);
    Addition { statements, ..Addition::default() }
}

fn is_again(attr: &syn::Attribute) -> bool {
    attr.path().segments.last().is_some_and(|last| last.ident == "health_check")
}

/// The entry in the linker's list.
fn site(root: &Root, options: &Options, sig: &Signature, returns: &Returns) -> TokenStream {
    let span = Span::mixed_site();
    let (ident, path) = (&sig.ident, sig.ident.unraw().to_string());
    let name = options.name.as_ref().map_or_else(|| path.clone(), |given| given.value.0.clone());
    let options = options.write(root);
    let place = place_of(returns.written.as_ref());
    let call = boxed(root, &quote_spanned!(place=> #ident()), returns.flavor.is_async(), place);
    quote_spanned! {span=>
        #[#root::linkme::distributed_slice(#root::health::CHECKS)]
        #[linkme(crate = #root::linkme)]
        static __MAINSTAY_CHECK: #root::health::CheckSite = #root::health::CheckSite::new(
            #name,
            #options,
            (
                ::core::concat!(::core::module_path!(), "::", #path),
                ::core::file!(),
                ::core::line!(),
            ),
            || #call,
        );
    }
}

/// Nobody is there who could give arguments.
fn check_signature(sig: &Signature, errors: &mut Errors) {
    if let Some(FnArg::Receiver(receiver)) = sig.inputs.first() {
        errors.at(
            receiver,
            "a method's value is not known here: put `#[health_check]` on the `impl` block and `#[check]` on the method",
        );
    } else if let Some(argument) = sig.inputs.first() {
        errors.at(
            argument,
            "a check is called without arguments: take what it needs from a static, or make it a method of an `impl` block \
             with `#[health_check]`",
        );
    }
    check_form(sig, errors);
}

/// What holds for functions and methods.
pub(super) fn check_form(sig: &Signature, errors: &mut Errors) {
    let is_type = |param: &&syn::GenericParam| !matches!(param, syn::GenericParam::Lifetime(_));
    if let Some(param) = sig.generics.params.iter().find(is_type) {
        errors.at(param, "a check is called without types: write a function for each");
    }
    if let syn::Safety::Unsafe(word) = &sig.safety {
        errors.at(word, "a check is called by everybody: make a safe function of it");
    }
}

fn misplaced(item: &TokenStream) -> syn::Error {
    let says = "`#[health_check]` goes on a function or an `impl` block";
    let (place, advice): (TokenStream, _) = match syn::parse2::<Item>(item.clone()) {
        Ok(Item::Struct(item)) => {
            (item.ident.to_token_stream(), "write `#[derive(HealthCheck)]` on a struct")
        }
        Ok(Item::Enum(item)) => (item.ident.to_token_stream(), "implement `HealthCheck` for an enum by hand"),
        Ok(Item::Trait(item)) => (item.ident.to_token_stream(), "annotate the implementations"),
        Ok(Item::Mod(item)) => (item.ident.to_token_stream(), "annotate its functions one by one"),
        _ => {
            let first = item.clone().into_iter().next();
            let place =
                first.map_or_else(|| Ident::new("item", Span::call_site()).into_token_stream(), Into::into);
            (place, "annotate a function with a body")
        }
    };
    syn::Error::new_spanned(place, format!("{says}: {advice}"))
}
