use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

use super::{
    attrs::{Attr, Form, Shown},
    check::MOST,
    read::{Level, Room, SpanKind},
};
use crate::{stack::Cx, values::literal};

impl Room {
    pub(super) fn write_span(&self, cx: &Cx<'_>, inner: TokenStream) -> TokenStream {
        let (answer, span) = (cx.answer(), Span::mixed_site());
        let flow = cx.declared_flow();
        if cx.is_async() {
            let capture = cx.capture_enclosed();
            let future = quote_spanned! {span=>
                async #capture { #flow let __mainstay_answer: #answer = #inner; __mainstay_answer }
            };
            let future = self.write_future(cx, &future);
            return quote_spanned!(span=> #future.await);
        }
        let (begin, call) = self.begin(cx);
        let ending = self.ending(cx);
        quote_spanned! {span=> {
            #begin
            let __mainstay_answer: #answer = { #flow #inner };
            #call.end(|| { let __mainstay_answer = &__mainstay_answer; #ending });
            __mainstay_answer
        }}
    }

    /// A future that is `future` in the span.
    pub(super) fn write_future(&self, cx: &Cx<'_>, future: &TokenStream) -> TokenStream {
        let (root, span) = (cx.root, Span::mixed_site());
        let (begin, call) = self.begin(cx);
        let ending = self.ending(cx);
        quote_spanned! {span=> {
            #begin
            // Apart, so that the type of its output is known when the closure is looked at.
            let __mainstay_inner = #future;
            #root::trace::traced(#call, __mainstay_inner, |__mainstay_answer| #ending)
        }}
    }

    /// The site, and the span's beginning.
    fn begin(&self, cx: &Cx<'_>) -> (TokenStream, Ident) {
        let (root, span, call) = (cx.root, Span::mixed_site(), cx.own("span"));
        let site = cx.slot();
        let name = match &cx.head.name {
            Some(name) => quote!(#name),
            None => {
                let name = &cx.stack.function;
                quote!(#name)
            }
        };
        let level = self.level();
        let kind = self.options.kind.as_ref().map_or(SpanKind::Internal, |given| given.value);
        let attrs: Vec<&Attr> = self.options.attrs.iter().flat_map(|given| &given.value.0).collect();
        let (copied, attempt) = attempt(cx, &attrs);
        let hedge = hedge(cx, &attrs);
        let own = [attempt.as_ref().map(|_| ATTEMPT), hedge.as_ref().map(|_| HEDGE)];
        let keys = attrs.iter().map(|attr| attr.key.as_str()).chain(own.into_iter().flatten());
        let values = attrs.iter().map(|attr| value(cx, attr)).chain(attempt).chain(hedge);
        // Not current outside of polls, or current until it ends.
        let form = Ident::new(if cx.is_async() { "Call" } else { "Scope" }, span);
        let values = quote_spanned!(span=> || [#(#values),*]);
        let begun = match &self.options.parent {
            None => quote_spanned!(span=> begin(&#site, #values)),
            Some(given) => {
                let expr = &given.value.0;
                let at = root.at(expr.span());
                let parent = quote_spanned!(expr.span()=> #at::trace::parent(&(#expr)));
                quote_spanned!(span=> begin_under(&#site, || #parent, #values))
            }
        };
        let begin = quote_spanned! {span=>
            static #site: #root::trace::SpanSite = #root::trace::SpanSite::new(
                &#site,
                #name,
                #root::trace::Level::#level,
                #root::trace::SpanKind::#kind,
                ::core::module_path!(),
                __MAINSTAY_PATH,
                ::core::file!(),
                ::core::line!(),
                &[#(#keys),*],
            );
            #copied
            let #call = #root::trace::#form::#begun;
        };
        (begin, call)
    }

    fn level(&self) -> Ident {
        let name = match self.options.level.as_ref().map_or(Level::Info, |given| given.value) {
            Level::Trace => "TRACE",
            Level::Debug => "DEBUG",
            Level::Info => "INFO",
            Level::Warn => "WARN",
            Level::Error => "ERROR",
        };
        Ident::new(name, Span::mixed_site())
    }

    /// What is recorded of the reference `__mainstay_answer`.
    fn ending(&self, cx: &Cx<'_>) -> TokenStream {
        let (root, span) = (cx.root, Span::mixed_site());
        let answer = quote_spanned!(span=> #root::trace::Answer(__mainstay_answer));
        let error = self.options.err.as_ref().map(|given| {
            let function = if given.value == Shown::Debug { "error_debug" } else { "error_display" };
            let there = given.key.span();
            let (at, function) = (root.at(there), Ident::new(function, there));
            let argument = Ident::new("__mainstay_answer", there.resolved_at(span));
            quote_spanned!(there=> error: #at::trace::#function(#argument),)
        });
        let value = self.options.ret.as_ref().map(|given| {
            let function = if given.value == Shown::Display { "value_display" } else { "value_debug" };
            let there = given.key.span();
            let (at, function) = (root.at(there), Ident::new(function, there));
            let value = quote_spanned!(span=> #answer.value());
            quote_spanned!(there=> value: #at::trace::#function(#value),)
        });
        if error.is_none() && value.is_none() {
            return quote_spanned! {span=> {
                #[allow(unused_imports)]
                use #root::trace::PlainAnswer as _;
                #answer.error_type()
            }};
        }
        let others = (error.is_none() || value.is_none())
            .then(|| quote_spanned!(span=> ..::core::default::Default::default()));
        quote_spanned! {span=> {
            #[allow(unused_imports)]
            use #root::trace::PlainAnswer as _;
            #root::trace::Ending { error_type: #answer.error_type(), #error #value #others }
        }}
    }
}

/// The attribute of a span below a `#[retry]`.
const ATTEMPT: &str = "mainstay.attempt";

/// Which attempt of the retry around it the call is, as a copy and as an attribute: the count itself would have to lie in memory
/// if a closure pointed at it.
fn attempt(cx: &Cx<'_>, attrs: &[&Attr]) -> (Option<TokenStream>, Option<TokenStream>) {
    let is_full = attrs.len() >= MOST || attrs.iter().any(|attr| attr.key == ATTEMPT);
    let Some(attempts) = cx.attempts_around().filter(|_| !is_full) else { return (None, None) };
    let (root, span) = (cx.root, Span::mixed_site());
    let copied = quote_spanned!(span=> let __mainstay_attempt = #attempts;);
    (Some(copied), Some(quote_spanned!(span=> #root::trace::attempt(__mainstay_attempt))))
}

/// The attribute of a span below a `#[hedge]`: 0 for the primary, 1 for the first attempt beside it.
const HEDGE: &str = "mainstay.hedge";

/// Which attempt of the hedge around it the call is.
fn hedge(cx: &Cx<'_>, attrs: &[&Attr]) -> Option<TokenStream> {
    // One place may be the attempt's.
    let is_full = attrs.len() + 1 >= MOST || attrs.iter().any(|attr| attr.key == HEDGE);
    let hedge = cx.hedge_around().filter(|_| !is_full)?;
    let root = cx.root;
    Some(quote_spanned!(Span::mixed_site()=> #root::trace::hedge(#hedge)))
}

/// An `Option<AttributeValue>`. That something cannot be one is reported where it stands.
fn value(cx: &Cx<'_>, attr: &Attr) -> TokenStream {
    let (expr, there) = (&attr.value, attr.value.span());
    let at = cx.root.at(there);
    match (attr.form, literal(expr)) {
        (Form::Plain, Some((syn::Lit::Str(text), false))) => {
            quote_spanned!(there=> #at::trace::text(#text))
        }
        (Form::Plain, _) => quote_spanned!(there=> #at::trace::value(&(#expr))),
        (Form::Display, _) => quote_spanned!(there=> #at::trace::display(&(#expr))),
        (Form::Debug, _) => quote_spanned!(there=> #at::trace::debug(&(#expr))),
    }
}
