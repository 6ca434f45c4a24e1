//! One body out of the whole stack: each layer's code around the next one's, the user's block once at the core.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{Ident, spanned::Spanned};

use super::{Cx, layer::Stack};
use crate::item::{Function, Leaf, Wrap};

impl Stack {
    pub(crate) fn write(&self, mut function: Function) -> TokenStream {
        let name = function.sig.ident.clone();
        let (before_leaf, leaf) = self.leaf();
        let core = self.layer(0, None, leaf);
        let (flow, answer) = (self.declared_flow_outside(), &self.returns.answer);
        let (prelude, checks) = (&self.frame.prelude, self.reusable_checks());
        let span = Span::mixed_site();
        let run = quote_spanned! {span=>
            #prelude
            #checks
            #flow
            let __mainstay_answer: #answer = #core;
            __mainstay_answer
        };
        let run = match self.frame.wrap {
            Wrap::Body => run,
            Wrap::AsyncBlock => quote!(async move { #run }),
            Wrap::BoxedAsyncBlock => quote!(::std::boxed::Box::pin(async move { #run })),
        };
        let (statics, documentation, before) =
            (self.statics(&name), self.documentation(), &self.frame.before);
        function.attrs.retain(|attr| super::kind_of(attr).is_none());
        self.unmute_cloned(&mut function);
        let function = function.with_body(quote!(#statics #before #before_leaf #run));
        quote!(#documentation #function)
    }

    /// The code of layer `index` and all that is inside it.
    fn layer(&self, index: usize, deadline: Option<Ident>, leaf: TokenStream) -> TokenStream {
        let Some(layer) = self.layers.get(index) else {
            let limited = deadline.map(|deadline| {
                let (root, span) = (&self.root, Span::mixed_site());
                quote_spanned!(span=> #root::timed(#leaf, &#deadline))
            });
            return self.awaited(limited, leaf);
        };
        let cx = Cx::new(self, index, deadline.clone());
        if let Some(limited) = layer.room.as_timeout().and_then(|timeout| timeout.limits_only(&cx, &leaf)) {
            return self.awaited(Some(limited), leaf);
        }
        if cx.is_async()
            && cx.is_innermost()
            && deadline.is_none()
            && let Some(future) = layer.room.wrap_future(&cx, &leaf)
        {
            return self.awaited(None, future);
        }
        let inner_deadline = match () {
            () if layer.room.sets_deadline() => Some(cx.own("deadline")),
            () if layer.room.leaves_thread() || layer.room.is_cut_off_whole() => None,
            () => deadline,
        };
        let inner = self.layer(index + 1, inner_deadline, leaf);
        layer.room.wrap(&cx, inner)
    }

    /// The core: what comes before the future is made, and the expression that runs the user's block once.
    fn leaf(&self) -> (TokenStream, TokenStream) {
        let (root, capture, span) = (&self.root, self.capture(), Span::mixed_site());
        let asks_first = self.layers.iter().any(|layer| layer.room.asks_first());
        match &self.frame.leaf {
            Leaf::Block(body) if self.returns.flavor.is_async() => {
                let (capture, block) = (self.capture_async(), self.typed_block(body));
                (TokenStream::new(), quote_spanned!(span=> async #capture { #block }))
            }
            Leaf::Block(body) => {
                let answer = &self.returns.answer;
                (TokenStream::new(), quote_spanned!(span=> #root::call(#capture || -> #answer #body)))
            }
            Leaf::MakesFuture(body) => {
                // Where the body moves what the next attempt needs, rustc underlines these bars.
                let bars = quote_spanned!(body.span()=> ||);
                // Made early, the future would have the arguments before they are asked about.
                let capture = if asks_first { TokenStream::new() } else { capture };
                let make = quote_spanned!(span=> #root::call(#capture #bars #body));
                if capture.is_empty() {
                    return (TokenStream::new(), make);
                }
                (
                    quote_spanned!(span=> let __mainstay_future = #make;),
                    quote_spanned!(span=> __mainstay_future),
                )
            }
        }
    }

    /// Runs the core once: what it is under a time limit, or else as it is.
    fn awaited(&self, limited: Option<TokenStream>, leaf: TokenStream) -> TokenStream {
        let (ran, span) = (self.note_ran(), Span::mixed_site());
        let Some(limited) = limited else {
            let wait = self.returns.flavor.is_async().then(|| quote_spanned!(span=> .await));
            if ran.is_empty() {
                return quote_spanned!(span=> #leaf #wait);
            }
            return quote_spanned!(span=> { let __mainstay_answer = #leaf #wait; #ran __mainstay_answer });
        };
        let innermost = self.layers.iter().rposition(|layer| layer.room.sets_deadline()).unwrap_or_default();
        let refuse = Cx::new(self, innermost, None).refuse(&quote_spanned!(span=> __mainstay_error));
        quote_spanned! {span=>
            match #limited.await {
                ::core::result::Result::Ok(__mainstay_answer) => { #ran __mainstay_answer }
                ::core::result::Result::Err(__mainstay_error) => #refuse,
            }
        }
    }

    /// An argument that is cloned for each attempt, or for a load that goes on alone, is `mut` in its copy, so it need not be
    /// in the signature.
    fn unmute_cloned(&self, function: &mut Function) {
        let copies_all = self.layers.iter().any(|layer| layer.room.copies_arguments());
        let retry = self.layers.iter().find_map(|layer| layer.room.as_retry());
        let hedge = self.layers.iter().find_map(|layer| layer.room.as_hedge());
        for input in &mut function.sig.inputs {
            if let syn::FnArg::Typed(typed) = input
                && let syn::Pat::Ident(pattern) = &mut *typed.pat
                && (copies_all
                    || retry.is_some_and(|retry| retry.clones(&pattern.ident))
                    || hedge.is_some_and(|hedge| hedge.clones(&pattern.ident)))
            {
                pattern.mutability = None;
            }
        }
    }
}
