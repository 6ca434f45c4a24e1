use syn::{Expr, Ident};

use crate::{
    options::{Arg, Read},
    suggest,
};

/// A choice among a few words.
pub(crate) trait Words: Sized + Copy + 'static {
    const ALL: &'static [(&'static str, Self)];
}

/// The word that an expression consists of.
fn word(expr: &Expr) -> Option<&Ident> {
    match expr {
        Expr::Path(path) if path.qself.is_none() => path.path.get_ident(),
        // Of a macro's `$word:expr`.
        Expr::Group(group) => word(&group.expr),
        _ => None,
    }
}

fn choice<W: Words>(word: &Ident) -> Option<W> {
    W::ALL.iter().find(|(name, _)| word == name).map(|(_, value)| *value)
}

/// Which of the words may be meant.
fn hint<W: Words>(expr: &Expr) -> String {
    let words = W::ALL.iter().map(|(name, _)| *name);
    suggest::written(expr).map(|written| suggest::did_you_mean(&written, words)).unwrap_or_default()
}

impl<W: Words> Read for W {
    fn read(arg: &Arg) -> syn::Result<Self> {
        let expr = arg.expr()?;
        word(expr).and_then(choice).ok_or_else(|| {
            let list = W::ALL.iter().map(|(name, _)| format!("`{name}`")).collect::<Vec<_>>().join(", ");
            let hint = hint::<W>(expr);
            syn::Error::new_spanned(expr, format!("{hint}expected one of {list}, without quotes"))
        })
    }
}

/// Declares an enum of words and the runtime's variant that each stands for.
macro_rules! words {
    ($($name:ident { $($variant:ident = $word:literal,)* })*) => {$(
        #[derive(Clone, Copy, PartialEq, Eq)]
        pub(crate) enum $name { $($variant,)* }

        impl $crate::values::Words for $name {
            const ALL: &'static [(&'static str, Self)] = &[$(($word, Self::$variant),)*];
        }

        impl quote::ToTokens for $name {
            fn to_tokens(&self, tokens: &mut proc_macro2::TokenStream) {
                match self { $(Self::$variant => tokens.extend(quote::quote!($variant)),)* }
            }
        }
    )*};
}
pub(crate) use words;

words! {
    KnownBackoff {
        Exponential = "exponential",
        Linear = "linear",
        Constant = "constant",
        Fibonacci = "fibonacci",
    }
}

/// One of the known backoffs, or a function of one's own.
pub(crate) enum BackoffWord {
    Known(KnownBackoff),
    Custom(Expr),
}

impl Read for BackoffWord {
    fn read(arg: &Arg) -> syn::Result<Self> {
        let expr = arg.expr()?;
        match (word(expr).and_then(choice), expr) {
            (Some(known), _) => Ok(Self::Known(known)),
            // Also where a word is near: a function may be called `linear2`.
            (None, Expr::Path(_) | Expr::Closure(_)) => Ok(Self::Custom(expr.clone())),
            _ => Err(syn::Error::new_spanned(
                expr,
                format!(
                    "{}expected `exponential`, `linear`, `constant`, `fibonacci`, or a function `fn(u32) -> Duration`",
                    hint::<KnownBackoff>(expr)
                ),
            )),
        }
    }
}
