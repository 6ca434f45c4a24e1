use proc_macro2::{Group, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{
    Attribute, Signature, Token, Visibility,
    parse::{Parse, ParseStream},
};

use crate::stack;

/// A function with a body. The body is never parsed as a whole, so that a half-typed one still expands and editors
/// can go on helping.
pub(crate) struct Function {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) default: Option<syn::Ident>,
    pub(crate) sig: Signature,
    /// The block, braces included.
    pub(crate) body: Group,
}

impl Parse for Function {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attrs = input.call(Attribute::parse_outer)?;
        let vis = input.parse()?;
        let default =
            input.fork().parse::<syn::Ident>().is_ok_and(|word| word == "default") && !input.peek2(Token![!]);
        let default = if default { Some(input.parse()?) } else { None };
        let sig = input.parse()?;
        let body = match without_invisible_group(input.parse()?) {
            TokenTree::Group(group) if group.delimiter() == proc_macro2::Delimiter::Brace => group,
            other => return Err(syn::Error::new(other.span(), "expected a function body")),
        };
        if !input.is_empty() {
            return Err(input.error("expected nothing after the function"));
        }
        Ok(Self { attrs, vis, default, sig, body })
    }
}

/// What a `$body:block` of a macro stands for is wrapped in a group that nobody sees.
fn without_invisible_group(token: TokenTree) -> TokenTree {
    let TokenTree::Group(group) = &token else { return token };
    let mut inside = group.stream().into_iter();
    match (group.delimiter(), inside.next(), inside.next()) {
        (proc_macro2::Delimiter::None, Some(only), None) => without_invisible_group(only),
        _ => token,
    }
}

impl Function {
    /// The function as the user wrote it, without attributes of ours. Those that are `taken_in` are used in its body,
    /// or their imports would look unused.
    pub(crate) fn without_policies(mut self, taken_in: &[&syn::Path]) -> TokenStream {
        self.attrs.retain(|attr| stack::kind_of(attr).is_none());
        let (imports, statements) = (stack::imports(taken_in), self.body.stream());
        self.with_body(quote!(#imports #statements))
    }

    /// The function with other statements between its braces.
    pub(crate) fn with_body(mut self, statements: TokenStream) -> TokenStream {
        let mut body = Group::new(self.body.delimiter(), statements);
        body.set_span(self.body.span());
        self.body = body;
        self.into_token_stream()
    }
}

impl ToTokens for Function {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Self { attrs, vis, default, sig, body } = self;
        tokens.extend(quote!(#(#attrs)* #vis #default #sig #body));
    }
}
