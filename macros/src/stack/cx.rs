use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::{Expr, Ident, Lifetime, Type};

use super::{
    Kind, Root,
    layer::{Head, Layer, Room, Stack},
};

/// What a room needs to know to write its code.
pub(crate) struct Cx<'a> {
    pub(crate) root: &'a Root,
    pub(crate) stack: &'a Stack,
    pub(crate) head: &'a Head,
    index: usize,
    /// The deadline that this layer itself runs under.
    pub(crate) deadline: Option<Ident>,
    /// Whether a fallback further out still needs the arguments when everything inside is done.
    pub(crate) arguments_needed_later: bool,
    map_err: Option<&'a Expr>,
}

impl<'a> Cx<'a> {
    pub(crate) fn new(stack: &'a Stack, index: usize, deadline: Option<Ident>) -> Self {
        let head = &stack.layers[index].head;
        let given = || stack.layers.iter().find_map(|layer| layer.head.map_err.as_ref());
        Self {
            root: &stack.root,
            stack,
            head,
            index,
            deadline,
            arguments_needed_later: stack.layers[..index]
                .iter()
                .any(|layer| layer.room.as_fallback().is_some_and(|fallback| fallback.is_closure())),
            map_err: head.map_err.as_ref().or_else(given),
        }
    }

    pub(crate) fn is_async(&self) -> bool {
        self.stack.returns.flavor.is_async()
    }

    /// A name for this layer's use alone.
    pub(crate) fn own(&self, word: &str) -> Ident {
        own(word, self.index)
    }

    /// Where the nearest retry around this layer counts its attempts.
    pub(crate) fn attempts_around(&self) -> Option<Ident> {
        let around = &self.stack.layers[..self.index];
        around.iter().rposition(|layer| layer.room.as_retry().is_some()).map(|retry| own("attempts", retry))
    }

    /// The static that holds the policy.
    pub(crate) fn slot(&self) -> Ident {
        format_ident!("__MAINSTAY_{}", self.index, span = Span::mixed_site())
    }

    /// The static that holds what pays for the policy's further calls.
    pub(crate) fn budget_slot(&self) -> Ident {
        format_ident!("__MAINSTAY_{}_BUDGET", self.index, span = Span::mixed_site())
    }

    /// What holds the number of the attempt that a hedge around this layer makes.
    pub(crate) fn hedge_around(&self) -> Option<Ident> {
        let around = &self.stack.layers[..self.index];
        around.iter().rposition(|layer| layer.room.as_hedge().is_some()).map(|hedge| own("hedge", hedge))
    }

    /// The layers around this one, outermost first.
    pub(crate) fn around(&self) -> impl Iterator<Item = &'a dyn Room> {
        self.stack.layers[..self.index].iter().map(|layer| &*layer.room)
    }

    /// Whether there is such a layer inside this one.
    pub(crate) fn has_inside(&self, kind: Kind) -> bool {
        self.stack.layers[self.index + 1..].iter().any(|layer| layer.head.kind == kind)
    }

    /// `move` for a closure that runs what is inside more than once, and for the blocks it makes: where all it needs is
    /// copied.
    pub(crate) fn capture_repeated(&self) -> TokenStream {
        let frame = &self.stack.frame;
        let has_locals = !frame.before.is_empty() || !frame.prelude.is_empty();
        if !has_locals && self.stack.arguments.are_freely_copied() {
            quote!(move)
        } else {
            TokenStream::new()
        }
    }

    pub(crate) fn label(&self) -> Lifetime {
        Lifetime::new(&format!("'__mainstay_{}", self.index), Span::mixed_site())
    }

    /// What the layer reads to learn where the answer inside it comes from.
    pub(crate) fn flow(&self) -> TokenStream {
        if self.stack.has_flow() {
            return flow().into_token_stream();
        }
        let root = self.root;
        quote!(#root::Flow::RAN)
    }

    /// Whether this is the innermost layer. One that stands in the body's own block is none.
    pub(crate) fn is_innermost(&self) -> bool {
        self.stack.layers[self.index + 1..].iter().all(|layer| layer.room.as_chaos().is_some())
    }

    pub(crate) fn answer(&self) -> &'a Type {
        &self.stack.returns.answer
    }

    /// The answer that says that the call was refused with `error`. A missing conversion is reported on the return
    /// type.
    pub(crate) fn refuse(&self, error: &TokenStream) -> TokenStream {
        if !self.stack.has_flow() {
            return self.own_error(error);
        }
        let (root, flow) = (self.root, flow());
        let (bound, mixed) = (quote!(__mainstay_refusal), Span::mixed_site());
        let refuse = self.own_error(&quote_spanned!(mixed=> #bound));
        quote_spanned! {mixed=> {
            let #bound = #error;
            #flow = #root::Flow::refused(&#bound);
            #refuse
        }}
    }

    /// The same for an error that counts as the body's own, and of which nobody is told that it is a policy's.
    pub(crate) fn own_error(&self, error: &TokenStream) -> TokenStream {
        let (answer, span) = (self.answer(), self.return_span());
        let root = self.root.at(span);
        match self.map_err {
            Some(path) => quote_spanned!(span=> #root::refuse_with::<#answer>(#error, #path)),
            None => quote_spanned!(span=> #root::refuse::<#answer>(#error)),
        }
    }

    /// An `Option` of what makes an error of a refusal: for a layer that refuses only where that can be said, and asks nothing
    /// of the error's type.
    pub(crate) fn refusing(&self) -> TokenStream {
        let (root, span) = (self.root, Span::mixed_site());
        match self.map_err {
            Some(path) => quote_spanned!(span=> #root::cached::refusing_by(#path)),
            None => {
                let error = self.error_type();
                quote_spanned!(span=> #root::refusing!(#error))
            }
        }
    }

    /// The type of the function's errors.
    pub(crate) fn error_type(&self) -> TokenStream {
        let (answer, span) = (self.answer(), self.return_span());
        let root = self.root.at(span);
        quote_spanned!(span=> <#answer as #root::Fallible>::Err)
    }

    pub(crate) fn return_span(&self) -> Span {
        use syn::spanned::Spanned;
        self.stack.returns.written.as_ref().map_or_else(Span::call_site, Spanned::span)
    }

    /// Calls a function of what can be refused. That the answer's type is none is reported on the return type.
    pub(crate) fn fallible(&self, function: &str, value: &TokenStream) -> TokenStream {
        let (answer, span) = (self.answer(), self.return_span());
        let (root, function) = (self.root.at(span), Ident::new(function, span));
        quote_spanned!(span=> <#answer as #root::Fallible>::#function(#value))
    }

    /// An answer put together again from its value (`Ok`) or its error (`Err`).
    pub(crate) fn answer_of(&self, variant: &str, part: &Ident) -> TokenStream {
        let (span, variant) = (Span::mixed_site(), Ident::new(variant, Span::mixed_site()));
        self.fallible("from_outcome", &quote_spanned!(span=> ::core::result::Result::#variant(#part)))
    }

    /// Awaits `future`, written at `span`, until the time limit around this layer at most; `late` makes an expression of
    /// the answer that says so.
    pub(crate) fn within_deadline(
        &self,
        span: Span,
        future: &TokenStream,
        late: impl FnOnce(TokenStream) -> TokenStream,
    ) -> TokenStream {
        let Some(deadline) = &self.deadline else { return quote_spanned!(span=> #future.await) };
        let span = Span::mixed_site();
        let root = self.root;
        let late = late(self.refuse(&quote_spanned!(span=> __mainstay_error)));
        quote_spanned! {span=>
            match #root::timed(#future, &#deadline).await {
                ::core::result::Result::Ok(__mainstay_output) => __mainstay_output,
                ::core::result::Result::Err(__mainstay_error) => #late,
            }
        }
    }

    /// `move` for an `async` block around what is inside, where that needs nothing of what is outside but the arguments: a future
    /// that points at what lies beside it cannot be optimized away.
    pub(crate) fn capture_enclosed(&self) -> TokenStream {
        let (stack, outside) = (self.stack, &self.stack.layers[..self.index]);
        let is_told = stack.has_flow() && stack.flow_owner().is_none_or(|owner| owner < self.index);
        let is_held = self.deadline.is_some() || is_told || stack.shares_arguments(outside);
        if is_held { TokenStream::new() } else { quote!(move) }
    }

    /// The place for what this layer's inside learns about refusals, where nobody outside asks for it.
    pub(crate) fn declared_flow(&self) -> TokenStream {
        if self.stack.flow_owner() != Some(self.index) {
            return TokenStream::new();
        }
        self.stack.flow_declaration(&self.stack.layers[self.index + 1..])
    }

    /// An `Option<Instant>`: when the time limit around this layer ends, or the deadline around the call. A rate limit knows how
    /// long a wait would take and does not begin one in vain; the other waits leave it to the time limits that are somewhere
    /// further out to cut them off.
    pub(crate) fn deadline_instant(&self) -> TokenStream {
        let root = self.root;
        match (&self.deadline, self.head.kind) {
            (Some(deadline), Kind::RateLimit) => quote!(#root::done_within(&#deadline)),
            (Some(deadline), _) => quote!(#deadline.instant()),
            (None, Kind::RateLimit) => quote!(#root::done_until()),
            (None, _) => quote!(#root::wait_until()),
        }
    }

    /// A `bool`: whether the time limit around this layer has cut the call off.
    pub(crate) fn deadline_has_passed(&self) -> TokenStream {
        match &self.deadline {
            Some(deadline) => quote!(#deadline.has_passed()),
            None => quote!(false),
        }
    }
}

impl Stack {
    /// Whether some layer has to be told if the answer inside it came from the body or was a refusal.
    pub(crate) fn has_flow(&self) -> bool {
        let first_reader = self.layers.iter().position(|layer| layer.head.kind.reads_refusals());
        first_reader
            .is_some_and(|reader| self.layers[reader + 1..].iter().any(|layer| layer.head.kind.refuses()))
            || self.tells_time_outs()
    }

    /// Whether a time limit cuts off what is inside a layer that takes this for a sign of overload.
    fn tells_time_outs(&self) -> bool {
        let mut outside = self.layers.iter().skip_while(|layer| !layer.room.sets_deadline());
        outside.any(|layer| layer.head.kind.watches_load())
    }

    /// The layer inside which it is noted, where those outside it only look on and do not ask; `None` for the function itself.
    fn flow_owner(&self) -> Option<usize> {
        let asks = |kind: Kind| !kind.observes() || kind.reads_refusals();
        let first_to_ask = self.layers.iter().position(|layer| asks(layer.head.kind))?;
        let owner = self.layers[..first_to_ask].iter().rposition(|layer| layer.room.owns_flow());
        owner.filter(|_| self.has_flow())
    }

    /// The same for the whole function. Nothing where a layer has a place of its own.
    pub(super) fn declared_flow_outside(&self) -> TokenStream {
        if self.flow_owner().is_some() { TokenStream::new() } else { self.declared_flow() }
    }

    /// Where it is noted, not yet written. Nothing where nobody reads it.
    pub(crate) fn declared_flow(&self) -> TokenStream {
        self.flow_declaration(&self.layers)
    }

    fn flow_declaration(&self, inside: &[Layer]) -> TokenStream {
        if !self.has_flow() {
            return TokenStream::new();
        }
        let (root, flow, span) = (&self.root, flow(), Span::mixed_site());
        // What a future inside borrows must have a value.
        let known = inside.iter().any(|layer| layer.room.encloses()).then(|| quote!(= #root::Flow::RAN));
        quote_spanned! {span=>
            #[allow(unused_mut, unused_variables, unused_assignments)]
            let mut #flow: #root::Flow #known;
        }
    }

    /// Notes that the answer is the body's or a fallback's.
    pub(crate) fn note_ran(&self) -> TokenStream {
        if !self.has_flow() {
            return TokenStream::new();
        }
        let (root, flow, span) = (&self.root, flow(), Span::mixed_site());
        quote_spanned!(span=> #flow = #root::Flow::RAN;)
    }
}

impl Stack {
    /// Notes what is known of an answer that another call got.
    pub(crate) fn note_flow(&self, known: &TokenStream) -> TokenStream {
        if !self.has_flow() {
            return TokenStream::new();
        }
        let (flow, span) = (flow(), Span::mixed_site());
        quote_spanned!(span=> #flow = #known;)
    }
}

fn own(word: &str, layer: usize) -> Ident {
    Ident::new(&format!("__mainstay_{word}_{layer}"), Span::mixed_site())
}

fn flow() -> Ident {
    Ident::new("__mainstay_flow", Span::mixed_site())
}
