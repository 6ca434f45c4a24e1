use syn::{
    Expr, Ident, Token,
    ext::IdentExt,
    parse::{ParseStream, Parser},
    punctuated::Punctuated,
};

use crate::options::{Arg, unreadable};

/// The names and expressions of an option such as `labels(kind = order.kind)`, at least one. `what` is it that cannot be read if
/// they cannot, and `expected` what is said where there are none.
pub(crate) fn pairs(arg: &Arg, what: &str, expected: &str) -> syn::Result<Vec<(Ident, Expr)>> {
    let (paren, tokens) = arg.list()?;
    let pair = |input: ParseStream<'_>| {
        let name = input.call(Ident::parse_any)?;
        input.parse::<Token![=]>()?;
        Ok((name, input.parse::<Expr>()?))
    };
    let parser = |input: ParseStream<'_>| Punctuated::<_, Token![,]>::parse_terminated_with(input, pair);
    let pairs = parser.parse2(tokens).map_err(|error| unreadable(what, paren.span.join(), &error))?;
    if pairs.is_empty() {
        return Err(syn::Error::new(paren.span.join(), expected));
    }
    Ok(pairs.into_iter().collect())
}
