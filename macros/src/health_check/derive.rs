use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use syn::{
    Data, DeriveInput, Field, Ident, Member, Path, Type, ext::IdentExt, parse_quote, spanned::Spanned,
};

use super::{
    check::check_names,
    read::{Given, Options, Place},
    write::{Names, Written, implementation, place_of},
};
use crate::{errors::Errors, stack::Root};

/// `#[derive(HealthCheck)]`.
pub(crate) fn expand(item: TokenStream) -> syn::Result<TokenStream> {
    let input: DeriveInput = syn::parse2(item)?;
    let mut errors = Errors::default();
    let model = Model::read(&input, &mut errors);
    match errors.into_result() {
        Some(error) => Err(error),
        None => Ok(model.write(&input)),
    }
}

/// A struct and what is checked of it.
struct Model {
    krate: Option<Path>,
    fields: Vec<Checked>,
    breakers: Vec<Given>,
}

struct Checked {
    member: Member,
    ty: Type,
    name: String,
    /// Its name, for errors.
    place: Ident,
    options: Options,
}

impl Model {
    fn read(input: &DeriveInput, errors: &mut Errors) -> Self {
        let mut model = Self { krate: None, fields: Vec::new(), breakers: Vec::new() };
        model.read_type(input, errors);
        let fields = match &input.data {
            Data::Struct(data) => data.fields.iter().zip(data.fields.members()).collect(),
            Data::Enum(data) => {
                errors.at(
                    data.enum_token,
                    "`HealthCheck` is derived for structs: implement it for an enum by hand",
                );
                return model;
            }
            Data::Union(data) => {
                errors.at(data.union_token, "`HealthCheck` is derived for structs, and a union is none");
                return model;
            }
        };
        let fields: Vec<(&Field, Member)> = fields;
        model.fields =
            fields.into_iter().filter_map(|(field, member)| Checked::read(field, member, errors)).collect();
        let breakers = model.breakers.iter().filter_map(|given| {
            let breaker = given.options.breaker.as_ref()?;
            Some((given.options.name.as_ref().map(|given| given.value.0.clone()), breaker))
        });
        let names: Vec<(String, &Ident)> = model
            .fields
            .iter()
            .map(|field| (field.name.clone(), &field.place))
            .chain(
                breakers
                    .map(|(name, breaker)| (name.unwrap_or_else(|| breaker.value.0.value()), &breaker.key)),
            )
            .collect();
        check_names(names.iter().map(|(name, place)| (name.as_str(), *place)), errors);
        if names.is_empty() && errors.is_empty() {
            errors.at(
                &input.ident,
                "nothing is checked here: a struct is as healthy as its fields, and this one has none that is not left out",
            );
        }
        model
    }

    fn read_type(&mut self, input: &DeriveInput, errors: &mut Errors) {
        for (given, span) in Given::marks(&input.attrs, Place::Type, errors) {
            if given.krate.is_some() {
                self.krate = given.krate.clone();
            }
            given.options.check(Place::Type, false, errors);
            if given.options.breaker.is_some() {
                self.breakers.push(given);
            } else if errors.is_empty() && (given.krate.is_none() || !given.options.given().is_empty()) {
                let advice =
                    "on a type, `#[check]` names a circuit breaker: `#[check(breaker = \"payments\")]`";
                errors.add(syn::Error::new(span, advice));
            }
        }
        if let Some(lifetime) = input.generics.lifetimes().next() {
            errors.at(
                lifetime,
                "a check lives as long as the program: own what it looks at, or share it with `Arc`",
            );
        }
    }

    fn write(&self, input: &DeriveInput) -> TokenStream {
        let root = Root::new(self.krate.as_ref());
        let mut generics = input.generics.clone();
        let params: Vec<Ident> = input.generics.type_params().map(|param| param.ident.clone()).collect();
        let bounds = generics.make_where_clause();
        for param in &params {
            bounds
                .predicates
                .push(parse_quote!(#param: ::core::marker::Send + ::core::marker::Sync + 'static));
        }
        // That a field has a check is said here and not in the body, so that one without is one error. That it is local
        // is said in the body: this type has a check all the same.
        let (mut of_fields, mut locals) = (bounds.predicates.clone(), TokenStream::new());
        for field in self.fields.iter().filter(|field| field.options.with.is_none()) {
            let (ty, place) = (&field.ty, place_of(Some(&field.ty)));
            let (at, is_live) = (root.at(place), field.options.live.is_some());
            let is_generic = mentions(ty, &params);
            let bound = if is_live && is_generic { quote!(LocalCheck) } else { quote!(HealthCheck) };
            let predicate: syn::WherePredicate = parse_quote!(#ty: #at::health::#bound);
            if is_generic {
                bounds.predicates.push(predicate.clone());
            } else if is_live {
                locals.extend(quote_spanned!(place=> #at::health::local::<#ty>();));
            }
            of_fields.push(predicate);
        }
        let mut checks: Vec<_> = self.fields.iter().map(|field| field.write(&root)).collect();
        checks.extend(self.breakers.iter().filter_map(|given| breaker(&root, given)));
        let ident = &input.ident;
        let (head, arguments, bounds) = generics.split_for_impl();
        let (head, ty, bounds) =
            (head.to_token_stream(), quote!(#ident #arguments), bounds.to_token_stream());
        let of_fields = (!of_fields.is_empty()).then(|| quote!(where #of_fields));
        implementation(&root, &head, (&ty, &of_fields.to_token_stream(), &bounds), &checks, &locals)
    }
}

impl Checked {
    fn read(field: &Field, member: Member, errors: &mut Errors) -> Option<Self> {
        let mut marks = Given::marks(&field.attrs, Place::Field, errors);
        let options = marks.pop().map(|(given, _)| given.options).unwrap_or_default();
        if let Some((_, span)) = marks.pop() {
            errors.add(syn::Error::new(span, "a field is one check: keep one `#[check]`"));
        }
        options.check(Place::Field, false, errors);
        if options.mentions("skip") {
            return None;
        }
        let name = match (&options.name, &field.ident) {
            (Some(given), _) => given.value.0.clone(),
            (None, Some(ident)) => ident.unraw().to_string(),
            (None, None) => {
                if !options.mentions("name") {
                    errors.at(
                        &field.ty,
                        "a field without a name needs one for its check: `#[check(name = \"…\")]`",
                    );
                }
                return None;
            }
        };
        let place = field.ident.clone();
        let place = place.or_else(|| options.name.as_ref().map(|given| given.key.clone()));
        Some(Self { member, ty: field.ty.clone(), name, place: place?, options })
    }

    fn write(&self, root: &Root) -> Written {
        let Self { member, ty, name, options, .. } = self;
        let place = place_of(Some(ty));
        let at = root.at(place);
        let written = options.write(root);
        let Names { this, parts, it } = Names::new();
        let (part, ask, ask_ready) = match &options.with {
            Some(given) => {
                let with = &given.value.0;
                let place = proc_macro2::Span::mixed_site().located_at(with.span());
                let at = root.at(place);
                let call = |it: TokenStream| {
                    quote_spanned! {place=>
                        ::std::boxed::Box::pin(async move { #at::health::answered((#with)(&#it.#member)).await })
                    }
                };
                let (ask, called) = (call(quote!(#this)), call(quote!(#it)));
                let part = quote!(#parts.call(#name, #written, |#it| #called););
                (part, ask.clone(), ask)
            }
            None => {
                let part = quote_spanned! {place=>
                    #parts.field::<#ty>(#name, #written, |#it| ::core::option::Option::Some(&#it.#member));
                };
                let ask = |method: TokenStream| {
                    quote_spanned! {place=>
                        ::std::boxed::Box::pin(#at::health::HealthCheck::#method(&#this.#member))
                    }
                };
                (part, ask(quote!(check)), ask(quote!(readiness)))
            }
        };
        Written {
            name: name.clone(),
            part,
            options: written,
            ask,
            ask_ready,
            is_live: options.live.is_some(),
            is_only_live: options.is_only_live(),
            is_ready: options.is_ready(),
        }
    }
}

fn breaker(root: &Root, given: &Given) -> Option<Written> {
    let options = &given.options;
    let breaker = &options.breaker.as_ref()?.value.0;
    let name = options.name.as_ref().map_or_else(|| breaker.value(), |given| given.value.0.clone());
    let written = options.write(root);
    let Names { parts, .. } = Names::new();
    let check = quote!(#root::health::Breaker::named(#breaker));
    let ask = quote!(::std::boxed::Box::pin(async { #root::health::HealthCheck::check(&#check).await }));
    Some(Written {
        part: quote!(#parts.beside(#name, #written, #check);),
        name,
        options: quote!(#written.or(<#root::health::Breaker as #root::health::HealthCheck>::options())),
        ask_ready: ask.clone(),
        ask,
        is_live: false,
        is_only_live: false,
        is_ready: true,
    })
}

/// Whether the type depends on a parameter, and so its check too.
fn mentions(ty: &Type, params: &[Ident]) -> bool {
    struct Mentions<'a>(&'a [Ident], bool);
    impl syn::visit::Visit<'_> for Mentions<'_> {
        fn visit_ident(&mut self, ident: &Ident) {
            self.1 |= self.0.contains(ident);
        }
    }
    let mut mentions = Mentions(params, false);
    syn::visit::Visit::visit_type(&mut mentions, ty);
    mentions.1
}
