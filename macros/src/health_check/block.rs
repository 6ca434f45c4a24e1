use proc_macro2::{Group, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{
    Attribute, FnArg, Generics, ImplItem, ReceiverKind, Signature, Token, Type, Visibility,
    ext::IdentExt,
    parse::{Parse, ParseStream},
    token::Brace,
};

use super::{
    check::check_names,
    function::check_form,
    read::{Given, Place, is_check},
    write::{Names, Written, boxed, implementation, place_of},
};
use crate::{errors::Errors, item::Returns, stack::Root};

/// An `impl` block. The bodies of its methods are never parsed, so that half-typed ones still expand.
pub(crate) struct Block {
    attrs: Vec<Attribute>,
    generics: Generics,
    /// `Trait for`, which is a mistake here.
    of: Option<(syn::Path, Token![for])>,
    ty: Type,
    items: Vec<Member>,
}

enum Member {
    Method { attrs: Vec<Attribute>, vis: Visibility, sig: Box<Signature>, body: Group },
    Other(Box<ImplItem>),
}

impl Parse for Block {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attrs = input.call(Attribute::parse_outer)?;
        input.parse::<Token![impl]>()?;
        let mut generics: Generics = if input.peek(Token![<]) && !input.peek2(Token![<]) {
            input.parse()?
        } else {
            Generics::default()
        };
        let fork = input.fork();
        let is_trait = fork.parse::<syn::Path>().is_ok() && fork.peek(Token![for]);
        let of = if is_trait { Some((input.parse()?, input.parse()?)) } else { None };
        let ty = input.parse()?;
        generics.where_clause = input.parse()?;
        let content;
        syn::braced!(content in input);
        let mut items = Vec::new();
        while !content.is_empty() {
            items.push(content.parse()?);
        }
        Ok(Self { attrs, generics, of, ty, items })
    }
}

impl Parse for Member {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let fork = input.fork();
        let head = |input: ParseStream<'_>| {
            let attrs = input.call(Attribute::parse_outer)?;
            syn::Result::Ok((attrs, input.parse::<Visibility>()?, input.parse::<Signature>()?))
        };
        if head(&fork).is_ok() && fork.peek(Brace) {
            let (attrs, vis, sig) = head(input)?;
            return Ok(Self::Method { attrs, vis, sig: Box::new(sig), body: input.parse()? });
        }
        input.parse().map(|item| Self::Other(Box::new(item)))
    }
}

impl ToTokens for Member {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            Self::Method { attrs, vis, sig, body } => {
                let attrs = attrs.iter().filter(|attr| !is_check(attr));
                tokens.extend(quote!(#(#attrs)* #vis #sig #body));
            }
            Self::Other(item) => item.to_tokens(tokens),
        }
    }
}

impl Block {
    pub(super) fn expand(&self, options: TokenStream) -> TokenStream {
        let mut errors = Errors::default();
        let root = self.read_crate(options, &mut errors);
        if let Some((path, _)) = &self.of {
            errors.at(path, "`#[health_check]` makes an implementation of `HealthCheck`: put it on a block without a trait");
        }
        if let Some(lifetime) = self.generics.lifetimes().next() {
            errors.at(
                lifetime,
                "a check lives as long as the program: own what it looks at, or share it with `Arc`",
            );
        }
        let checks: Vec<_> = self.items.iter().filter_map(|item| item.check(&root, &mut errors)).collect();
        check_names(checks.iter().map(|(check, sig)| (check.name.as_str(), &sig.ident)), &mut errors);
        if checks.is_empty() && errors.is_empty() {
            errors.at(&self.ty, "nothing is checked here: put `#[check]` on the methods that are checks");
        }
        let Self { attrs, generics, of, ty, items } = self;
        let (head, _, bounds) = generics.split_for_impl();
        let of = of.as_ref().map(|(path, of)| quote!(#path #of));
        let block = quote!(#(#attrs)* impl #head #of #ty #bounds { #(#items)* });
        if let Some(errors) = errors.into_compile_errors() {
            return quote!(#errors #block);
        }
        let checks: Vec<_> = checks.into_iter().map(|(check, _)| check).collect();
        let (head, ty, bounds) = (head.to_token_stream(), ty.to_token_stream(), bounds.to_token_stream());
        let made = implementation(&root, &head, (&ty, &bounds, &bounds), &checks, &TokenStream::new());
        quote!(#block #made)
    }

    /// The block itself has no options but the path of the crate.
    fn read_crate(&self, options: TokenStream, errors: &mut Errors) -> Root {
        let given = Given::read(options, Place::Function, errors);
        for key in given.options.given() {
            errors.at(key, format!("the block is no check: put `{key}` into the `#[check(…)]` of a method"));
        }
        Root::new(given.krate.as_ref())
    }
}

impl Member {
    /// The check that it is, if it is marked as one.
    fn check(&self, root: &Root, errors: &mut Errors) -> Option<(Written, &Signature)> {
        let Self::Method { attrs, sig, .. } = self else { return None };
        let mut marks = Given::marks(attrs, Place::Method, errors);
        let (given, _) = marks.pop()?;
        if let Some((_, span)) = marks.pop() {
            errors.add(syn::Error::new(span, "a method is one check: keep one `#[check]`"));
        }
        let (options, returns) = (&given.options, Returns::of(sig));
        options.check(Place::Method, returns.flavor.is_async(), errors);
        check_form(sig, errors);
        let takes_self = check_arguments(sig, errors);
        let ident = &sig.ident;
        let place = place_of(returns.written.as_ref());
        let call = |it: TokenStream| {
            let arguments = takes_self.then_some(it);
            boxed(root, &quote_spanned!(place=> Self::#ident(#arguments)), returns.flavor.is_async(), place)
        };
        let name =
            options.name.as_ref().map_or_else(|| ident.unraw().to_string(), |given| given.value.0.clone());
        let Names { this, parts, it } = Names::new();
        let (ask, called) = (call(quote!(#this)), call(quote!(#it)));
        let it = if takes_self { quote!(#it) } else { quote!(_) };
        let written = options.write(root);
        let part = quote!(#parts.call(#name, #written, |#it| #called););
        let check = Written {
            name,
            part,
            options: written,
            ask_ready: ask.clone(),
            ask,
            is_live: options.live.is_some(),
            is_only_live: options.is_only_live(),
            is_ready: options.is_ready(),
        };
        Some((check, sig))
    }
}

/// `&self`, or nothing.
fn check_arguments(sig: &Signature, errors: &mut Errors) -> bool {
    let mut inputs = sig.inputs.iter();
    let takes_self = match inputs.next() {
        None => false,
        Some(FnArg::Receiver(receiver)) => {
            let is_shared = matches!(receiver.kind, ReceiverKind::Reference(_, _, None));
            if !is_shared {
                errors.at(receiver, "a check looks on: take `&self`");
            }
            true
        }
        Some(argument) => {
            errors.at(argument, "a check is called without arguments: take what it needs from `self`");
            false
        }
    };
    if let Some(argument) = inputs.next() {
        errors.at(argument, "a check is called without arguments: take what it needs from `self`");
    }
    takes_self
}
