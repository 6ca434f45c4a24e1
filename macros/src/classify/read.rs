use quote::ToTokens;
use syn::{
    Attribute, Data, DeriveInput, Fields, Ident, Member, Meta, Path, Token, Variant, parse::ParseStream,
    punctuated::Punctuated,
};

use crate::{errors::Errors, suggest::did_you_mean};

/// An error type and what each of its variants is.
pub(crate) struct Model {
    pub(super) input: DeriveInput,
    /// One per variant; for a struct, one without a name.
    pub(super) cases: Vec<Case>,
    pub(super) krate: Option<Path>,
}

pub(crate) struct Case {
    pub(super) variant: Option<Ident>,
    pub(super) fields: Fields,
    pub(super) class: Option<Marked>,
}

#[derive(Clone)]
pub(crate) enum Marked {
    Transient,
    Permanent,
    Ignored,
    Throttled(Option<Member>),
}

impl Model {
    pub(crate) fn read(input: DeriveInput) -> syn::Result<Self> {
        let mut errors = Errors::default();
        let krate = errors.keep(read_crate(&input.attrs)).flatten();
        let cases = match &input.data {
            Data::Enum(data) => {
                let default = read_mark(&input.attrs, None, &mut errors);
                data.variants.iter().map(|variant| Case::of(variant, default.as_ref(), &mut errors)).collect()
            }
            Data::Struct(data) => {
                let class = read_mark(&input.attrs, Some(&data.fields), &mut errors);
                vec![Case { variant: None, fields: data.fields.clone(), class }]
            }
            Data::Union(data) => {
                errors.at(data.union_token, "`Classify` is for enums and structs, and a union is neither");
                Vec::new()
            }
        };
        check_fields(&input.data, &mut errors);
        match errors.into_result() {
            Some(error) => Err(error),
            None => Ok(Self { input, cases, krate }),
        }
    }
}

impl Case {
    /// A variant, which is of the type's own class where it has no mark.
    fn of(variant: &Variant, default: Option<&Marked>, errors: &mut Errors) -> Self {
        let own = read_mark(&variant.attrs, Some(&variant.fields), errors);
        if let (None, Some(Marked::Throttled(Some(field)))) = (&own, default)
            && !variant.fields.members().any(|known| known == *field)
        {
            let field = field.to_token_stream();
            errors.at(
                &variant.ident,
                format!("the mark of the type names its field `{field}`, which is not here"),
            );
        }
        let class = own.or_else(|| default.cloned());
        Self { variant: Some(variant.ident.clone()), fields: variant.fields.clone(), class }
    }
}

/// The path of `#[classify(crate = path)]` on the type.
fn read_crate(attrs: &[Attribute]) -> syn::Result<Option<Path>> {
    let Some(attr) = attrs.iter().find(|attr| attr.path().is_ident("classify")) else { return Ok(None) };
    let parse = |input: ParseStream<'_>| {
        input.parse::<Token![crate]>()?;
        input.parse::<Token![=]>()?;
        input.call(Path::parse_mod_style)
    };
    attr.parse_args_with(parse).map(Some).map_err(|error| {
        syn::Error::new(error.span(), "write `#[classify(crate = path)]`, the path of the `mainstay` crate")
    })
}

/// A mark on a field would say nothing.
fn check_fields(data: &Data, errors: &mut Errors) {
    let fields: Vec<_> = match data {
        Data::Enum(data) => data.variants.iter().flat_map(|variant| &variant.fields).collect(),
        Data::Struct(data) => data.fields.iter().collect(),
        Data::Union(_) => Vec::new(),
    };
    for attr in fields.into_iter().flat_map(|field| &field.attrs) {
        let marks = ["transient", "permanent", "ignored", "throttled"];
        if let Some(word) = marks.into_iter().find(|word| attr.path().is_ident(word)) {
            errors.at(attr, format!("a field has no class: put `#[{word}]` on its variant or struct"));
        }
    }
}

/// The mark among the attributes; two of them contradict each other.
fn read_mark(attrs: &[Attribute], fields: Option<&Fields>, errors: &mut Errors) -> Option<Marked> {
    let mut found: Option<(Marked, &Attribute)> = None;
    for attr in attrs {
        let Some(word) = attr.path().get_ident().map(ToString::to_string) else { continue };
        let mark = match word.as_str() {
            "transient" => Marked::Transient,
            "permanent" => Marked::Permanent,
            "ignored" => Marked::Ignored,
            "throttled" => match read_throttled(attr, fields) {
                Ok(mark) => mark,
                Err(error) => {
                    errors.add(error);
                    continue;
                }
            },
            _ => continue,
        };
        if word != "throttled" && !matches!(attr.meta, Meta::Path(_)) {
            errors.at(&attr.meta, format!("`#[{word}]` takes no options"));
        }
        if let Some((_, first)) = &found {
            let problem = "an error is of one class: keep one of these";
            errors.at(first, problem);
            errors.at(attr, problem);
        }
        found = Some((mark, attr));
    }
    found.map(|(mark, _)| mark)
}

fn read_throttled(attr: &Attribute, fields: Option<&Fields>) -> syn::Result<Marked> {
    let form = "write `#[throttled]`, or `#[throttled(retry_after = field)]`";
    match &attr.meta {
        Meta::Path(_) => return Ok(Marked::Throttled(None)),
        Meta::NameValue(pair) => return Err(syn::Error::new_spanned(pair, form)),
        Meta::List(_) => {}
    }
    let mut member = None;
    let pairs = attr.parse_args_with(Punctuated::<syn::MetaNameValue, Token![,]>::parse_terminated);
    for pair in pairs.map_err(|error| syn::Error::new(error.span(), form))? {
        if !pair.path.is_ident("retry_after") {
            let word = pair.path.to_token_stream();
            let hint = did_you_mean(&word.to_string(), ["retry_after"]);
            return Err(syn::Error::new_spanned(
                &pair.path,
                format!("no option `{word}` here; {hint}{form}"),
            ));
        }
        let parsed: syn::Result<Member> = syn::parse2(pair.value.to_token_stream());
        let field = parsed.map_err(|_| {
            syn::Error::new_spanned(
                &pair.value,
                "expected the name or number of a field, such as `after` or `0`",
            )
        })?;
        if let Some(fields) = fields
            && !fields.members().any(|known| known == field)
        {
            let field = field.to_token_stream().to_string();
            let known: Vec<_> = fields.members().map(|known| known.to_token_stream().to_string()).collect();
            let hint = did_you_mean(&field, &known);
            let known = match known.is_empty() {
                true => ": it has none".to_owned(),
                false => format!("; {hint}it has `{}`", known.join("`, `")),
            };
            return Err(syn::Error::new_spanned(
                &pair.value,
                format!("there is no field `{field}` here{known}"),
            ));
        }
        if member.replace(field).is_some() {
            return Err(syn::Error::new_spanned(&pair.path, "`retry_after` is given twice: keep one"));
        }
    }
    Ok(Marked::Throttled(member))
}
