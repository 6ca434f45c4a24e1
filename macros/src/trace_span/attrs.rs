use proc_macro2::Span;
use syn::{
    Expr, Ident, LitStr, Token,
    ext::IdentExt,
    parse::{Parse, ParseStream, Parser},
    punctuated::Punctuated,
};

use crate::{
    options::{Arg, Read, Value, unreadable},
    suggest::did_you_mean,
};

/// What is recorded of a call: `key = value`, separated by commas.
pub(crate) struct Attrs(pub(super) Vec<Attr>);

/// One key and its value.
pub(super) struct Attr {
    pub(super) key: String,
    pub(super) span: Span,
    pub(super) form: Form,
    pub(super) value: Expr,
}

/// How the value is written down.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// As it is.
    Plain,
    /// `%value`, by `Display`.
    Display,
    /// `?value`, by `Debug`.
    Debug,
}

impl Parse for Attr {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let (key, span) = match input.peek(LitStr) {
            true => {
                let text: LitStr = input.parse()?;
                (text.value(), text.span())
            }
            false => dotted(input)?,
        };
        if !input.peek(Token![=]) {
            let written = if key.contains('.') { format!("\"{key}\"") } else { key };
            return Err(syn::Error::new(span, format!("which value? write `{written} = …`")));
        }
        input.parse::<Token![=]>()?;
        let form = match () {
            () if input.parse::<Option<Token![%]>>()?.is_some() => Form::Display,
            () if input.parse::<Option<Token![?]>>()?.is_some() => Form::Debug,
            () => Form::Plain,
        };
        Ok(Self { key, span, form, value: input.parse()? })
    }
}

/// `http.request.method`, without quotes.
fn dotted(input: ParseStream<'_>) -> syn::Result<(String, Span)> {
    let first = input.call(Ident::parse_any)?;
    let mut key = first.unraw().to_string();
    while input.parse::<Option<Token![.]>>()?.is_some() {
        let part = input.call(Ident::parse_any)?;
        key = format!("{key}.{}", part.unraw());
    }
    Ok((key, first.span()))
}

impl Read for Attrs {
    const LIST: bool = true;

    fn read(arg: &Arg) -> syn::Result<Self> {
        let (paren, tokens) = arg.list()?;
        let place = paren.span.join();
        if tokens.is_empty() {
            let problem =
                "expected keys and values, such as `attrs(\"order.id\" = id, items = order.items.len())`";
            return Err(syn::Error::new(place, problem));
        }
        let attrs = Punctuated::<Attr, Token![,]>::parse_terminated.parse2(tokens).map_err(|error| {
            let is_ours = error.to_string().starts_with("which value?");
            if is_ours { error } else { unreadable("this list of attributes", place, &error) }
        })?;
        Ok(Self(attrs.into_iter().collect()))
    }
}

/// Whether something is recorded, and how it is written down: `err`, `err(debug)`, `err(display)`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shown {
    /// As it is said by the word alone.
    Default,
    /// By `Display`.
    Display,
    /// By `Debug`.
    Debug,
}

impl Read for Shown {
    // A word without `=` is looked for among the options with parentheses.
    const LIST: bool = true;

    fn read(arg: &Arg) -> syn::Result<Self> {
        let Some(key) = &arg.key else { return Err(syn::Error::new(arg.span(), "expected an option")) };
        let problem = format!("write `{key}`, `{key}(display)` or `{key}(debug)`");
        match &arg.value {
            Value::Flag => Ok(Self::Default),
            Value::List(paren, tokens) => {
                let word = syn::parse2::<Ident>(tokens.clone())
                    .map_err(|_| syn::Error::new(paren.span.join(), &problem))?;
                match word.to_string().as_str() {
                    "display" | "Display" => Ok(Self::Display),
                    "debug" | "Debug" => Ok(Self::Debug),
                    written => {
                        let hint = did_you_mean(written, ["display", "debug"]);
                        Err(syn::Error::new(word.span(), format!("{hint}{problem}")))
                    }
                }
            }
            Value::Expr(_) => Err(syn::Error::new(key.span(), problem)),
        }
    }
}
