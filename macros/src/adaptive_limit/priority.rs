use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{Expr, spanned::Spanned};

use crate::{
    item::Arguments,
    options::{Arg, Read},
    stack::Root,
    values::literal,
};

/// How much a call matters: one of three words, or any expression over the arguments that is a `Priority`.
pub(crate) struct Priority(pub(super) Expr);

const WORDS: [(&str, &str); 3] = [("critical", "Critical"), ("normal", "Normal"), ("sheddable", "Sheddable")];

impl Read for Priority {
    fn read(arg: &Arg) -> syn::Result<Self> {
        let expr = arg.expr()?;
        match literal(expr) {
            Some(_) => Err(syn::Error::new_spanned(
                expr,
                "expected `critical`, `normal` or `sheddable`, without quotes, or an expression of type `Priority`",
            )),
            None => Ok(Self(expr.clone())),
        }
    }
}

impl Priority {
    /// The expression. A word that is an argument's name is that argument.
    pub(super) fn write(&self, root: &Root, arguments: &Arguments) -> TokenStream {
        let expr = &self.0;
        let at = root.at(expr.span());
        if let Expr::Path(path) = expr
            && let Some(word) = path.path.get_ident()
            && arguments.find(word).is_none()
            && let Some((_, variant)) = WORDS.iter().find(|(name, _)| word == name)
        {
            let variant = syn::Ident::new(variant, word.span());
            return quote_spanned!(word.span()=> #at::adaptive_limit::Priority::#variant);
        }
        quote!(#expr)
    }
}
