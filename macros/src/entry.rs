//! The one way in: parses, runs, keeps the user's item when something is wrong, and turns a panic of ours into a
//! report that says whose fault it is.

use std::panic::{AssertUnwindSafe, catch_unwind};

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::parse::Parser;

use crate::{
    errors::Errors,
    item::{self, Function},
    stack::{self, Kind, Stack},
};

pub(crate) fn attribute(kind: Kind, options: TokenStream, item: TokenStream) -> TokenStream {
    guarded(item.clone(), || expand(kind, options, item))
}

pub(crate) fn derive(
    item: TokenStream,
    expand: impl Fn(TokenStream) -> syn::Result<TokenStream>,
) -> TokenStream {
    guarded(TokenStream::new(), || expand(item).unwrap_or_else(syn::Error::into_compile_error))
}

fn expand(kind: Kind, options: TokenStream, item: TokenStream) -> TokenStream {
    let mut function: Function = match syn::parse2(item.clone()) {
        Ok(function) => function,
        Err(_) => return misplaced(kind, item),
    };
    let (marker, options) = stack::take_marker(options);
    if marker.is_none()
        && let Some(moved) = stack::move_below_foreign(kind, &options, &mut function)
    {
        return moved;
    }

    let mut errors = Errors::default();
    let layers = stack::collect(kind, marker, options, &mut function, &mut errors);
    let stack = Stack::read(layers, &function, &mut errors);
    stack.check(&function, &mut errors);
    match errors.into_compile_errors() {
        Some(errors) => {
            let item = function.without_policies(&stack.taken_in());
            quote!(#errors #item)
        }
        None => stack.write(function),
    }
}

/// An attribute that forms no stack: it stands beside the policies.
pub(crate) struct Beside {
    /// Reads it on a function.
    pub(crate) on_function: fn(TokenStream, &mut Function, &mut Errors) -> Addition,
    /// What comes of it on anything else.
    pub(crate) elsewhere: fn(TokenStream, TokenStream) -> TokenStream,
}

/// What an attribute adds to a function.
#[derive(Default)]
pub(crate) struct Addition {
    /// What goes before its body.
    pub(crate) statements: TokenStream,
    /// What its documentation says besides.
    pub(crate) documentation: TokenStream,
}

pub(crate) fn beside(attribute: &Beside, options: TokenStream, item: TokenStream) -> TokenStream {
    guarded(item.clone(), || {
        let mut function: Function = match syn::parse2(item.clone()) {
            Ok(function) => function,
            Err(_) => return (attribute.elsewhere)(options, item),
        };
        let mut errors = Errors::default();
        let addition = (attribute.on_function)(options, &mut function, &mut errors);
        if let Some(errors) = errors.into_compile_errors() {
            return quote!(#errors #function);
        }
        let Addition { statements, documentation } = addition;
        function.attrs.extend(syn::Attribute::parse_outer.parse2(documentation).unwrap_or_default());
        let body = function.body.stream();
        function.with_body(quote!(#statements #body))
    })
}

/// The attribute stands on something that is no function with a body.
fn misplaced(kind: Kind, item: TokenStream) -> TokenStream {
    let error = item::misplaced(kind.name(), &item).into_compile_error();
    let item = item::strip_policies(item);
    quote!(#error #item)
}

fn guarded(fallback: TokenStream, run: impl FnOnce() -> TokenStream) -> TokenStream {
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|panic| {
        let text = panic
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| panic.downcast_ref::<&str>().copied())
            .unwrap_or("unknown");
        let message =
            format!("this is a bug in mainstay-macros, please report it with this function: {text}");
        let error = syn::Error::new(Span::call_site(), message).into_compile_error();
        quote!(#error #fallback)
    })
}
