use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::{Fields, Member, spanned::Spanned};

use super::read::{Case, Marked, Model};
use crate::stack::Root;

impl Model {
    pub(crate) fn write(&self) -> TokenStream {
        let root = Root::new(self.krate.as_ref());
        let ident = &self.input.ident;
        let (impl_generics, ty_generics, where_clause) = self.input.generics.split_for_impl();
        let arms = self.cases.iter().map(|case| case.arm(&root));
        let body =
            if self.cases.is_empty() { quote!(match *self {}) } else { quote!(match self { #(#arms)* }) };
        quote! {
            #[automatically_derived]
            impl #impl_generics #root::Classify for #ident #ty_generics #where_clause {
                fn classify(&self) -> #root::Class {
                    #body
                }
            }
        }
    }
}

impl Case {
    fn arm(&self, root: &Root) -> TokenStream {
        let path = match &self.variant {
            Some(variant) => quote!(Self::#variant),
            None => quote!(Self),
        };
        let bound =
            |member: &Member, class: TokenStream| quote!(#path { #member: __mainstay_field, .. } => #class,);
        match &self.class {
            Some(Marked::Throttled(Some(member))) => {
                let span = member.span();
                let at = root.at(span);
                let hint = quote_spanned!(span=> #at::RetryAfter::retry_after(__mainstay_field));
                bound(member, quote!(#root::Class::Throttled { retry_after: #hint }))
            }
            Some(Marked::Throttled(None)) => {
                quote!(#path { .. } => #root::Class::Throttled { retry_after: ::core::option::Option::None },)
            }
            Some(marked) => {
                let class = format_ident!(
                    "{}",
                    match marked {
                        Marked::Transient => "Transient",
                        Marked::Permanent => "Permanent",
                        _ => "Ignored",
                    }
                );
                quote!(#path { .. } => #root::Class::#class,)
            }
            None => match inner(&self.fields) {
                Some(member) => bound(&member, quote!(#root::class_of!(__mainstay_field))),
                None => quote!(#path { .. } => #root::Class::Transient,),
            },
        }
    }
}

/// The one field of an unmarked variant, whose class is then the variant's.
fn inner(fields: &Fields) -> Option<Member> {
    let mut members = fields.members();
    let only = members.next()?;
    members.next().is_none().then_some(only)
}
