use proc_macro2::TokenStream;
use syn::{Lit, LitStr, Path};

use super::after::After;
use crate::{
    errors::Errors,
    options::{self, Arg, OptionSet, Read, Value, options},
    suggest::nearest,
    values::{CratePath, Duration, literal, words},
};

options! {
    /// The options of `#[on_shutdown]`.
    pub(crate) struct Options {
        /// The handler's name, the same as a text in the first place. Default: module path and function.
        name: HandlerName,
        /// When it runs: `announce`, `stop`, `flush` or `close`. Default: `close`.
        phase: PhaseWord,
        /// What has to end first: functions under `#[on_shutdown]`, or names. Default: nothing.
        after: After,
        /// How long it may take. Default: its share of what is left, at most ten seconds.
        timeout: Duration,
    }
}

words! {
    PhaseWord {
        Announce = "announce",
        Stop = "stop",
        Flush = "flush",
        Close = "close",
    }
}

/// `phase` under a name that is misspelt: its value tells that it is meant, and not `name`.
fn is_phase(arg: &Arg) -> bool {
    let is_near = |key: &syn::Ident| nearest(&key.to_string(), ["phase"]).is_some();
    arg.key.as_ref().is_some_and(is_near) && PhaseWord::read(arg).is_ok()
}

pub(crate) struct HandlerName(pub(crate) LitStr);

impl Read for HandlerName {
    fn read(arg: &Arg) -> syn::Result<Self> {
        let expr = arg.expr()?;
        match literal(expr) {
            Some((Lit::Str(text), false)) if !text.value().trim().is_empty() => Ok(Self(text.clone())),
            Some((Lit::Str(text), false)) => {
                Err(syn::Error::new(text.span(), "a handler's name cannot be empty"))
            }
            _ => Err(syn::Error::new_spanned(expr, "expected a text such as \"database\"")),
        }
    }
}

/// `#[on_shutdown]` of one function.
#[derive(Default)]
pub(crate) struct Model {
    pub(super) options: Options,
    pub(super) krate: Option<Path>,
}

impl Model {
    pub(super) fn read(tokens: TokenStream, errors: &mut Errors) -> Self {
        let mut model = Self::default();
        let split = options::split(tokens, &model.options.lists(), errors);
        for (index, arg) in split.args.iter().enumerate() {
            model.take(index, arg, errors);
        }
        model
    }

    fn take(&mut self, index: usize, arg: &Arg, errors: &mut Errors) {
        if arg.key.as_ref().is_some_and(|key| key == "crate") {
            self.krate = errors.keep(CratePath::read(arg)).map(|path| path.0);
        } else if let (None, 0, Value::Expr(expr)) = (&arg.key, index, &arg.value)
            && let Some((Lit::Str(_), false)) = literal(expr)
        {
            let key = syn::Ident::new("name", arg.span());
            let value = errors.keep(HandlerName::read(arg));
            self.options.name = value.map(|value| options::Given { key, value });
        } else if !self.options.read(arg, errors) {
            let known: Vec<_> = self.options.names().iter().chain(&["crate"]).copied().collect();
            errors.add(match &arg.key {
                Some(key) if is_phase(arg) => syn::Error::new(
                    key.span(),
                    format!(
                        "`#[on_shutdown]` has no option `{key}`; did you mean `phase`? it takes: `{}`",
                        known.join("`, `")
                    ),
                ),
                _ => options::unknown("on_shutdown", arg, &known),
            });
        }
    }
}
