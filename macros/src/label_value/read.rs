use syn::{Attribute, Data, DeriveInput, Ident, LitStr, Path, Token, ext::IdentExt, parse::ParseStream};

use crate::errors::Errors;

/// An enum and what each of its variants is called.
pub(crate) struct Model {
    pub(super) ident: Ident,
    pub(super) variants: Vec<(Ident, String)>,
    pub(super) krate: Option<Path>,
}

impl Model {
    pub(crate) fn read(input: DeriveInput) -> syn::Result<Self> {
        let mut errors = Errors::default();
        if let Some(parameter) = input.generics.params.first() {
            errors.at(parameter, "a label's type has no parameters: its values are few and known");
        }
        let krate = input.attrs.iter().find(|attr| attr.path().is_ident("label"));
        let krate = krate.and_then(|attr| errors.keep(read_crate(attr)));
        let mut variants: Vec<(Ident, String)> = Vec::new();
        match input.data {
            Data::Enum(data) => {
                for variant in data.variants {
                    if !variant.fields.is_empty() {
                        errors.at(
                            &variant.fields,
                            "a variant with fields has as many values as they have: take them away, or label with another enum",
                        );
                    }
                    let text = errors.keep(text(&variant.attrs, &variant.ident)).unwrap_or_default();
                    if !text.is_empty() && variants.iter().any(|(_, other)| *other == text) {
                        errors.at(
                            &variant.ident,
                            format!(
                                "another variant is called `{text}` too: rename one with `#[label(\"…\")]`"
                            ),
                        );
                    }
                    variants.push((variant.ident, text));
                }
            }
            Data::Struct(data) => {
                errors.at(data.struct_token, "`LabelValue` is for enums, whose values are few and known");
            }
            Data::Union(data) => {
                errors.at(data.union_token, "`LabelValue` is for enums, whose values are few and known")
            }
        }
        match errors.into_result() {
            Some(error) => Err(error),
            None => Ok(Self { ident: input.ident, variants, krate }),
        }
    }
}

/// The text of `#[label("text")]`, or the name in snake case.
fn text(attrs: &[Attribute], ident: &Ident) -> syn::Result<String> {
    let Some(attr) = attrs.iter().find(|attr| attr.path().is_ident("label")) else {
        return Ok(snake_case(&ident.unraw().to_string()));
    };
    let text: LitStr = attr.parse_args().map_err(|error| {
        syn::Error::new(error.span(), "write `#[label(\"text\")]`, what the variant is called in metrics")
    })?;
    if text.value().is_empty() {
        return Err(syn::Error::new(
            text.span(),
            "an empty text is no label: say what the variant is called",
        ));
    }
    Ok(text.value())
}

fn read_crate(attr: &Attribute) -> syn::Result<Path> {
    let parse = |input: ParseStream<'_>| {
        input.parse::<Token![crate]>()?;
        input.parse::<Token![=]>()?;
        input.call(Path::parse_mod_style)
    };
    attr.parse_args_with(parse).map_err(|error| {
        syn::Error::new(error.span(), "write `#[label(crate = path)]`, the path of the `mainstay` crate")
    })
}

fn snake_case(name: &str) -> String {
    let mut text = String::with_capacity(name.len() + 4);
    let mut before = None;
    let mut letters = name.chars().peekable();
    while let Some(letter) = letters.next() {
        let follows_small =
            before.is_some_and(|before: char| before.is_lowercase() || before.is_ascii_digit());
        let ends_capitals =
            before.is_some_and(char::is_uppercase) && letters.peek().is_some_and(|next| next.is_lowercase());
        if letter.is_uppercase() && (follows_small || ends_capitals) {
            text.push('_');
        }
        text.extend(letter.to_lowercase());
        before = Some(letter);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::snake_case;

    #[test]
    fn variants_are_called_in_snake_case() {
        for (name, text) in
            [("Ok", "ok"), ("NotFound", "not_found"), ("HTTPError", "http_error"), ("V2Beta", "v2_beta")]
        {
            assert_eq!(snake_case(name), text);
        }
    }
}
