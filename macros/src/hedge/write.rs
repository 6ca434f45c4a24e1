use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::Ident;

use super::read::Room;
use crate::{
    stack::{Cx, Kind},
    values::{Budget, constant_span},
};

impl Room {
    pub(super) fn write_policy(&self, cx: &Cx<'_>) -> Option<(TokenStream, TokenStream)> {
        if self.options.with.is_some() {
            return None;
        }
        let (root, options) = (cx.root, &self.options);
        let mut config = quote!(#root::HedgeConfig::new());
        if let Some(given) = &options.after {
            config.extend(given.value.write(root));
        }
        if let Some(given) = &options.min_after {
            let least = given.value.write(root);
            config.extend(quote!(.min_after(#least)));
        }
        for (name, given) in [("warm_up", &options.warm_up), ("max", &options.max)] {
            if let Some(given) = given {
                let (name, value) = (Ident::new(name, Span::mixed_site()), &given.value);
                config.extend(quote!(.#name(#value)));
            }
        }
        if let Some(given) = &options.budget {
            let (slot, pays) = (cx.budget_slot(), given.value.pays() && !is_paid_around(cx, &given.value));
            config.extend(quote!(.spending(&#slot, #pays)));
        }
        let name = cx.head.name_tokens();
        let at = root.at(constant_span(&self.constants()));
        let config = quote!(#at::HedgeConfig::checked(#config));
        Some((quote!(#root::Hedge), quote!(#root::Hedge::from_static(#name, #config))))
    }

    /// Everything inside as a closure that makes a future of it for each attempt.
    pub(super) fn write_attempts(&self, cx: &Cx<'_>, inner: TokenStream) -> TokenStream {
        let (root, answer) = (cx.root, cx.answer());
        let span = Span::mixed_site();
        let (hedge, number) = (cx.own("policy"), cx.own("hedge"));
        let source = cx.policy(self.options.with.as_ref());
        let capture = cx.capture_repeated();
        let clones = self.clones_code();
        // Each attempt notes for itself where its answer comes from; that of the winner is passed on.
        let declared = cx.stack.declared_flow();
        let (given, taken, learned, flow) = match declared.is_empty() {
            true => {
                let answer = quote_spanned!(span=> __mainstay_answer);
                (answer.clone(), answer, TokenStream::new(), cx.flow())
            }
            false => {
                let known = quote_spanned!(span=> __mainstay_known);
                let flow = cx.flow();
                (
                    quote_spanned!(span=> (__mainstay_answer, #flow)),
                    quote_spanned!(span=> (__mainstay_answer, #known)),
                    cx.stack.note_flow(&known),
                    quote_spanned!(span=> *#known),
                )
            }
        };
        let outcome = cx.fallible("as_outcome", &quote_spanned!(span=> __mainstay_answer));
        let judge = quote_spanned! {span=>
            |#taken| match #outcome {
                ::core::result::Result::Ok(_) => #root::Outcome::Success,
                ::core::result::Result::Err(__mainstay_error) => {
                    #root::failed(#flow, #root::class_of!(__mainstay_error))
                }
            }
        };
        let work = quote_spanned!(span=> #clones #declared let __mainstay_answer: #answer = #inner; #given);
        // A span inside tells the number, and a block that is not `move` would point at the closure's own.
        let is_told = cx.has_inside(Kind::TraceSpan);
        let attempt = if capture.is_empty() && is_told {
            quote_spanned! {span=> |#number: ::core::primitive::u32| {
                let #number = #root::HedgeNumber::of(#number);
                async {
                    let #number: ::core::primitive::u32 = #number.get();
                    #work
                }
            }}
        } else {
            quote_spanned!(span=> #capture |#number: ::core::primitive::u32| async #capture { #work })
        };
        let label = cx.deadline.is_some().then(|| cx.label());
        let run = cx.within_deadline(
            span,
            &quote_spanned!(span=> __mainstay_attempts),
            |late| quote_spanned!(span=> break #label #late),
        );
        let label = label.map(|label| quote_spanned!(span=> #label:));
        quote_spanned! {span=> #label {
            let #hedge: &#root::Hedge = #source;
            // Apart, so that the type of its output is known when the closure that judges it is looked at.
            let __mainstay_attempt = #attempt;
            let __mainstay_attempts = #root::hedged(#hedge, __mainstay_attempt, #judge);
            let #taken = #run;
            #learned
            __mainstay_answer
        }}
    }

    /// The copies that an attempt gets, made when it starts.
    fn clones_code(&self) -> TokenStream {
        let clones = self.cloned().iter().map(|name| {
            let span = name.span().resolved_at(Span::mixed_site());
            quote_spanned! {span=>
                #[allow(unused_mut)]
                let mut #name = ::core::clone::Clone::clone(&#name);
            }
        });
        clones.collect()
    }
}

/// Whether a retry around this layer pays into the same budget: its first call is the call's only one.
fn is_paid_around(cx: &Cx<'_>, budget: &Budget) -> bool {
    let Some(name) = budget.shared() else { return false };
    cx.around()
        .filter_map(|room| room.budget())
        .filter_map(Budget::shared)
        .any(|other| other.value() == name.value())
}
