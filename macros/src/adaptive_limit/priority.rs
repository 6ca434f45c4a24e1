use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{Expr, spanned::Spanned};

use crate::{
    errors::Errors,
    item::Arguments,
    options::{Arg, Read},
    stack::Root,
    suggest,
    values::literal,
};

/// How much a call matters: one of three words, or any expression over the arguments that is a `Priority`.
pub(crate) struct Priority(pub(super) Expr);

const WORDS: [(&str, &str); 3] = [("critical", "Critical"), ("normal", "Normal"), ("sheddable", "Sheddable")];

impl Read for Priority {
    fn read(arg: &Arg) -> syn::Result<Self> {
        let expr = arg.expr()?;
        match literal(expr) {
            Some(_) => Err(expected(expr)),
            None => Ok(Self(expr.clone())),
        }
    }
}

fn expected(expr: &Expr) -> syn::Error {
    let words = WORDS.map(|(name, _)| name);
    let hint = suggest::written(expr).map(|written| suggest::did_you_mean(&written, words));
    syn::Error::new_spanned(
        expr,
        format!(
            "{}expected `critical`, `normal` or `sheddable`, without quotes, or an expression of type `Priority`",
            hint.unwrap_or_default()
        ),
    )
}

impl Priority {
    /// A word that is misspelt is no expression either: what else a word in small letters can be is an argument.
    pub(super) fn check(&self, arguments: &Arguments, errors: &mut Errors) {
        let words = WORDS.map(|(name, _)| name);
        if let Expr::Path(path) = &self.0
            && let Some(word) = path.path.get_ident()
            && !words.iter().any(|known| word == known)
            && arguments.find(word).is_none()
            && suggest::misspelt(&self.0, &words).is_some()
        {
            errors.add(expected(&self.0));
        }
    }

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
