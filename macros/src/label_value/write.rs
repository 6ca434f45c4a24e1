use proc_macro2::TokenStream;
use quote::quote;

use super::read::Model;
use crate::stack::Root;

impl Model {
    pub(crate) fn write(&self) -> TokenStream {
        let (root, ident) = (Root::new(self.krate.as_ref()), &self.ident);
        let arms = self.variants.iter().map(|(variant, text)| quote!(Self::#variant => #text,));
        let text = match self.variants.is_empty() {
            true => quote!(match *self {}),
            false => quote!(match self { #(#arms)* }),
        };
        quote! {
            #[automatically_derived]
            impl #root::metered::LabelValue for #ident {
                fn label(&self) -> ::std::borrow::Cow<'static, ::core::primitive::str> {
                    ::std::borrow::Cow::Borrowed(#text)
                }
            }
        }
    }
}
