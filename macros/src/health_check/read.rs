use proc_macro2::{Span, TokenStream};
use syn::{Attribute, Expr, Lit, Path};

use crate::{
    errors::Errors,
    options::{self, Arg, OptionSet, Read, options},
    values::{AnyExpr, CratePath, Duration, Flag, Text, literal, words},
};

words! {
    OnFail {
        Unhealthy = "unhealthy",
        Degraded = "degraded",
    }
}

/// What a check is called.
pub(crate) struct CheckName(pub(crate) String);

impl Read for CheckName {
    fn read(arg: &Arg) -> syn::Result<Self> {
        let expr = arg.expr()?;
        match literal(expr) {
            Some((Lit::Str(text), false)) if text.value().trim().is_empty() => {
                Err(syn::Error::new(text.span(), "an empty text is no name: say what the check is called"))
            }
            Some((Lit::Str(text), false)) => Ok(Self(text.value())),
            _ => Err(syn::Error::new_spanned(expr, "expected a text such as \"database\"")),
        }
    }
}

/// The function that checks a field.
pub(crate) struct Checked(pub(crate) Expr);

impl Read for Checked {
    fn read(arg: &Arg) -> syn::Result<Self> {
        let expr = AnyExpr::read(arg)?.0;
        match literal(&expr) {
            Some((Lit::Str(text), _)) => {
                let path = text.value();
                Err(syn::Error::new(text.span(), format!("write the path without quotes: `with = {path}`")))
            }
            Some(_) => {
                Err(syn::Error::new_spanned(expr, "expected a function of `&field`, such as `Pool::ping`"))
            }
            None => Ok(Self(expr)),
        }
    }
}

options! {
    /// The options of `#[health_check]` and `#[check]`.
    pub(crate) struct Options {
        /// What it is called. Default: the function's or the field's name.
        name: CheckName,
        /// Whether the process must be started anew when it fails. It asks nothing outside of the process.
        live: Flag,
        /// Whether no requests are sent here while it fails. What a check belongs to that is told nothing else.
        ready: Flag,
        /// Whether the start is not over until it succeeds.
        startup: Flag,
        /// Says that it stays within the process though that cannot be seen: beside `live`, where it is async or `with` a
        /// function.
        local: Flag,
        /// How long it may take. Default: 80 ms.
        timeout: Duration,
        /// How long its answer is kept; zero asks anew each time. Default: 2 s.
        cache: Duration,
        /// What it is when it fails: `unhealthy` or `degraded`. Default: `unhealthy`, and of a breaker `degraded`.
        on_fail: OnFail,
        /// On a field: the function that checks it, instead of its type's own check.
        with: Checked,
        /// On a field: it is not checked.
        skip: Flag,
        /// On a type: the circuit breaker of that name is one of its checks.
        breaker: Text,
    }
}

/// Where options stand, and so which there are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Function,
    Method,
    Field,
    Type,
}

impl Place {
    fn attribute(self) -> &'static str {
        if self == Self::Function { "health_check" } else { "check" }
    }

    fn known(self) -> &'static [&'static str] {
        match self {
            Self::Function => {
                &["name", "live", "ready", "startup", "local", "timeout", "cache", "on_fail", "crate"]
            }
            Self::Method => &["name", "live", "ready", "startup", "local", "timeout", "cache", "on_fail"],
            Self::Field => {
                &["name", "live", "ready", "startup", "local", "timeout", "cache", "on_fail", "with", "skip"]
            }
            Self::Type => &["breaker", "name", "ready", "on_fail", "cache", "crate"],
        }
    }

    fn has(self, name: &str) -> bool {
        self.known().contains(&name)
    }
}

/// The options of one check, and the crate's name if they tell it.
#[derive(Default)]
pub(crate) struct Given {
    pub(crate) options: Options,
    pub(crate) krate: Option<Path>,
}

impl Given {
    pub(crate) fn read(tokens: TokenStream, place: Place, errors: &mut Errors) -> Self {
        let mut given = Self::default();
        let lists = given.options.lists();
        let options::Split { args, .. } = options::split(tokens, &lists, errors);
        let takes_text = matches!(place, Place::Function | Place::Method | Place::Field);
        for (index, arg) in args.into_iter().enumerate() {
            given.take(&arg, index == 0 && takes_text, place, errors);
        }
        given
    }

    fn take(&mut self, arg: &Arg, may_be_name: bool, place: Place, errors: &mut Errors) {
        let Some(key) = &arg.key else {
            if may_be_name && is_text(arg) {
                let name = errors.keep(CheckName::read(arg));
                let key = syn::Ident::new("name", arg.span());
                self.options.name = name.map(|value| options::Given { key, value });
                return;
            }
            return errors.add(options::unknown(place.attribute(), arg, place.known()));
        };
        if key == "crate" && place.has("crate") {
            self.krate = errors.keep(CratePath::read(arg)).map(|path| path.0);
            return;
        }
        if !place.has(&key.to_string()) || !self.options.read(arg, errors) {
            errors.add(options::unknown(place.attribute(), arg, place.known()));
        }
    }

    /// Reads each `#[check(…)]`, and what an attribute without options comes to.
    pub(crate) fn marks(attrs: &[Attribute], place: Place, errors: &mut Errors) -> Vec<(Self, Span)> {
        let mut all = Vec::new();
        for attr in attrs.iter().filter(|attr| is_check(attr)) {
            let tokens = match &attr.meta {
                syn::Meta::Path(_) => TokenStream::new(),
                syn::Meta::List(list) => list.tokens.clone(),
                syn::Meta::NameValue(pair) => {
                    errors.at(pair, "write `#[check(option, option = value)]`, with parentheses");
                    continue;
                }
            };
            let span = attr.path().segments.last().map_or_else(Span::call_site, |last| last.ident.span());
            all.push((Self::read(tokens, place, errors), span));
        }
        all
    }
}

/// Whether it is `#[check]` or `#[check(…)]`.
pub(crate) fn is_check(attr: &Attribute) -> bool {
    attr.path().is_ident("check")
}

fn is_text(arg: &Arg) -> bool {
    let options::Value::Expr(expr) = &arg.value else { return false };
    matches!(&**expr, Expr::Lit(lit) if matches!(lit.lit, Lit::Str(_)))
}
