//! The inside of an attribute's parentheses: `"name", value, option = value, option(list)`.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::{
    Expr, Ident, Token,
    ext::IdentExt,
    parse::{ParseStream, Parser},
    spanned::Spanned,
    token::Paren,
};

use crate::{
    errors::Errors,
    suggest::{did_you_mean, nearest},
};

/// One entry between commas.
#[derive(Clone)]
pub(crate) struct Arg {
    /// The option's name; `None` for a positional value.
    pub(crate) key: Option<Ident>,
    pub(crate) value: Value,
}

#[derive(Clone)]
pub(crate) enum Value {
    /// `option = expression`, or a positional expression.
    Expr(Box<Expr>),
    /// `option(tokens)`.
    List(Paren, TokenStream),
    /// `option` alone.
    Flag,
}

impl Arg {
    pub(crate) fn span(&self) -> Span {
        match (&self.key, &self.value) {
            (Some(key), _) => key.span(),
            (None, Value::Expr(expr)) => expr.span(),
            (None, _) => Span::call_site(),
        }
    }

    /// The word that a positional value begins with, where it looks like an option: `word` or `word(…)`.
    pub(crate) fn leading_word(&self) -> Option<&Ident> {
        let Value::Expr(expr) = &self.value else { return None };
        let path = match &**expr {
            Expr::Path(path) => path,
            Expr::Call(call) => match &*call.func {
                Expr::Path(path) => path,
                _ => return None,
            },
            _ => return None,
        };
        path.path.get_ident()
    }

    /// The expression of `option = expression`.
    pub(crate) fn expr(&self) -> syn::Result<&Expr> {
        match (&self.value, &self.key) {
            (Value::Expr(expr), _) => Ok(expr),
            (_, Some(key)) => Err(syn::Error::new(key.span(), format!("write `{key} = …`"))),
            _ => Err(syn::Error::new(self.span(), "expected a value")),
        }
    }

    /// The tokens of `option(tokens)`.
    pub(crate) fn list(&self) -> syn::Result<(Paren, TokenStream)> {
        match (&self.value, &self.key) {
            (Value::List(paren, tokens), _) => Ok((*paren, tokens.clone())),
            (Value::Expr(expr), Some(key)) => {
                Err(syn::Error::new(expr.span(), format!("write `{key}(…)`, with parentheses")))
            }
            (_, Some(key)) => Err(syn::Error::new(key.span(), format!("write `{key}(…)`"))),
            _ => Err(syn::Error::new(self.span(), "expected a list")),
        }
    }
}

impl ToTokens for Arg {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.key.to_tokens(tokens);
        match &self.value {
            Value::Expr(expr) if self.key.is_some() => tokens.extend(quote::quote!(= #expr)),
            Value::Expr(expr) => expr.to_tokens(tokens),
            Value::List(paren, list) => paren.surround(tokens, |tokens| list.to_tokens(tokens)),
            Value::Flag => {}
        }
    }
}

/// The options of an attribute, one by one.
pub(crate) struct Split {
    pub(crate) args: Vec<Arg>,
    /// Whether all could be read. Where not, nothing that is not among them is missing.
    pub(crate) whole: bool,
}

/// Splits an attribute's options. `lists` names the options that take parentheses; any other word before parentheses
/// starts a positional expression.
pub(crate) fn split(options: TokenStream, lists: &[&str], errors: &mut Errors) -> Split {
    let mut args = Vec::new();
    let parser = |input: ParseStream<'_>| {
        while !input.is_empty() {
            args.push(arg(input, lists)?);
            if !input.is_empty() {
                input.parse::<Token![,]>().map_err(|error| {
                    syn::Error::new(error.span(), "expected `,` between options, or `=` and a value")
                })?;
            }
        }
        Ok(())
    };
    let whole = errors.keep(parser.parse2(options).map_err(|error| {
        // The parser finds what is left over in inner brackets at its very end, in words of its own.
        let is_foreign = error.to_string().starts_with("unexpected token");
        if is_foreign { unreadable("this", error.span(), &error) } else { error }
    }));
    let whole = whole.is_some();
    Split { args, whole }
}

/// A parser's error in our words: `what` cannot be read. On `place` where the tokens end too early to point at one.
pub(crate) fn unreadable(what: &str, place: Span, error: &syn::Error) -> syn::Error {
    let text = error.to_string();
    match text.strip_prefix("unexpected end of input") {
        Some(rest) => syn::Error::new(
            place,
            format!("{what} ends too early{}", rest.replace(", expected", ": expected")),
        ),
        None => syn::Error::new(error.span(), format!("{what} cannot be read: {text}")),
    }
}

fn expression(input: ParseStream<'_>, key: Option<&Ident>) -> syn::Result<Value> {
    let place = key.map_or_else(|| input.span(), Ident::span);
    let parsed = input.parse().map_err(|error| match key {
        Some(key) => unreadable(&format!("the value of `{key}`"), place, &error),
        None => unreadable("this value", place, &error),
    });
    Ok(Value::Expr(Box::new(parsed?)))
}

fn arg(input: ParseStream<'_>, lists: &[&str]) -> syn::Result<Arg> {
    let starts_with_word =
        input.peek(Ident::peek_any) && !input.peek(Token![async]) && !input.peek(Token![move]);
    if starts_with_word && input.peek2(Token![=]) && !input.peek2(Token![==]) {
        let key = input.call(Ident::parse_any)?;
        input.parse::<Token![=]>()?;
        if input.is_empty() || input.peek(Token![,]) {
            return Err(syn::Error::new(key.span(), format!("`{key}` needs a value: `{key} = …`")));
        }
        let value = expression(input, Some(&key))?;
        return Ok(Arg { key: Some(key), value });
    }
    if starts_with_word && input.peek2(Paren) {
        let word = input.fork().call(Ident::parse_any)?;
        // What can be no expression is a list under a misspelt name.
        let is_misspelt = || {
            nearest(&word.to_string(), lists.iter().copied()).is_some()
                && input.fork().parse::<Expr>().is_err()
        };
        if lists.iter().any(|list| word == list) || is_misspelt() {
            let key = input.call(Ident::parse_any)?;
            let content;
            let paren = syn::parenthesized!(content in input);
            return Ok(Arg { key: Some(key), value: Value::List(paren, content.parse()?) });
        }
    }
    if starts_with_word
        && (input.peek2(Token![,]) || input.cursor().token_tree().is_some_and(|(_, rest)| rest.eof()))
    {
        let fork = input.fork();
        let word = fork.call(Ident::parse_any)?;
        if word != "self" && lists.iter().any(|list| word == list) {
            input.call(Ident::parse_any)?;
            return Ok(Arg { key: Some(word), value: Value::Flag });
        }
    }
    Ok(Arg { key: None, value: expression(input, None)? })
}

/// A type of option value, read from one entry.
pub(crate) trait Read: Sized {
    /// Whether the option is written with parentheses.
    const LIST: bool = false;

    fn read(arg: &Arg) -> syn::Result<Self>;
}

/// The options of an attribute, whichever it is.
pub(crate) trait OptionSet {
    /// Their names.
    fn names(&self) -> &'static [&'static str];
    /// Those that are written with parentheses.
    fn lists(&self) -> Vec<&'static str>;
    /// Reads the entry if it is one of these options; `false` if it is none.
    fn read(&mut self, arg: &Arg, errors: &mut Errors) -> bool;
}

/// Declares the options of an attribute. The documented fields are the reference: their names are what users type.
macro_rules! options {
    ($(#[$doc:meta])* $vis:vis struct $name:ident { $($(#[$field_doc:meta])* $field:ident: $ty:ty,)* }) => {
        $(#[$doc])*
        #[derive(Default)]
        $vis struct $name {
            $($(#[$field_doc])* pub(crate) $field: Option<$crate::options::Given<$ty>>,)*
            /// Those that are given but could not be read, and so are not missing.
            misread: Vec<&'static str>,
        }

        impl $name {
            /// The words of the options that are given.
            #[allow(dead_code, reason = "not every attribute takes an instance")]
            pub(crate) fn given(&self) -> Vec<&syn::Ident> {
                let keys = [$(self.$field.as_ref().map(|given| &given.key),)*];
                keys.into_iter().flatten().collect()
            }

            /// Whether the option is given, in whatever form.
            #[allow(dead_code, reason = "few attributes have options that need others")]
            pub(crate) fn mentions(&self, name: &str) -> bool {
                self.misread.contains(&name) || match name {
                    $(stringify!($field) => self.$field.is_some(),)*
                    _ => false,
                }
            }

        }

        impl $crate::options::OptionSet for $name {
            fn names(&self) -> &'static [&'static str] {
                &[$(stringify!($field),)*]
            }

            fn lists(&self) -> Vec<&'static str> {
                let mut lists = Vec::new();
                $(if <$ty as $crate::options::Read>::LIST { lists.push(stringify!($field)); })*
                lists
            }

            fn read(&mut self, arg: &$crate::options::Arg, errors: &mut $crate::errors::Errors) -> bool {
                let Some(key) = &arg.key else { return false };
                $(if key == stringify!($field) {
                    if self.mentions(stringify!($field)) {
                        errors.add(syn::Error::new(key.span(), format!("`{key}` is given twice: keep one")));
                    } else if let Some(value) = errors.keep(<$ty as $crate::options::Read>::read(arg)) {
                        self.$field = Some($crate::options::Given { key: key.clone(), value });
                    } else {
                        self.misread.push(stringify!($field));
                    }
                    return true;
                })*
                false
            }
        }
    };
}
pub(crate) use options;

/// An option's value together with the word that names it.
pub(crate) struct Given<T> {
    pub(crate) key: Ident,
    pub(crate) value: T,
}

/// An instance of one's own brings its own options: beside it stand only those that are `per_call`.
pub(crate) fn check_instance<T>(
    with: Option<&Given<T>>,
    given: Vec<&Ident>,
    per_call: &[&str],
    errors: &mut Errors,
) {
    let Some(Given { key: with, .. }) = with else { return };
    for key in given.into_iter().filter(|key| *key != with && !per_call.iter().any(|name| *key == name)) {
        errors.at(key, format!("`{with}` brings its own options: set `{key}` where that policy is made"));
    }
}

/// A store is given as a handle, not as its address.
pub(crate) fn check_handle(store: &Expr, errors: &mut Errors) {
    if let Expr::Lit(text) = store {
        errors.at(
            text,
            "expected a handle of a store, such as `self.store` or `&*STORE`: its address belongs where it is made",
        );
    }
}

/// What is said to an option that does not exist.
pub(crate) fn unknown(attribute: &str, arg: &Arg, known: &[&str]) -> syn::Error {
    let list = known.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let Some(key) = arg.key.as_ref().or_else(|| arg.leading_word()) else {
        return syn::Error::new_spanned(
            arg,
            format!("`#[{attribute}]` takes no such value here; write `option = value` with one of: {list}"),
        );
    };
    let word = key.to_string();
    if word == "enabled" {
        let variable = attribute.to_uppercase();
        return syn::Error::new(
            key.span(),
            format!(
                "`#[{attribute}]` is switched on and off from outside: write `MAINSTAY_<NAME>_{variable}_ENABLED`, or \
                 `enabled` in a file that `mainstay::overrides()` reads"
            ),
        );
    }
    if known.contains(&word.as_str()) {
        return syn::Error::new(key.span(), format!("`{word}` needs a value: write `{word} = …`"));
    }
    let hint = did_you_mean(&word, known.iter().copied());
    syn::Error::new(key.span(), format!("`#[{attribute}]` has no option `{word}`; {hint}it takes: {list}"))
}
