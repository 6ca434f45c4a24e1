use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{Ident, ext::IdentExt, spanned::Spanned};

use super::read::Room;
use crate::{
    stack::Cx,
    values::{BackoffWord, Callable},
};

impl Room {
    /// The configuration: the constant part of it for the static, all of it otherwise.
    fn config(&self, cx: &Cx<'_>, all: bool) -> TokenStream {
        let root = cx.root;
        let options = &self.options;
        let mut config = quote!(#root::RetryConfig::new());
        if let Some(given) = &options.max_attempts
            && (all || !given.value.is_expr())
        {
            let value = &given.value;
            config.extend(quote!(.max_attempts(#value)));
        }
        let durations = [
            ("initial_delay", &options.initial_delay),
            ("max_delay", &options.max_delay),
            ("max_elapsed", &options.max_elapsed),
        ];
        for (name, given) in durations {
            if let Some(given) = given
                && (all || !given.value.is_expr())
            {
                let (name, value) = (Ident::new(name, Span::mixed_site()), given.value.write(root));
                config.extend(quote!(.#name(#value)));
            }
        }
        if let Some(given) = &options.exponential_base
            && (all || !given.value.is_expr())
        {
            let value = &given.value;
            config.extend(quote!(.exponential_base(#value)));
        }
        if let Some(given) = &options.backoff {
            let backoff = match &given.value {
                BackoffWord::Known(word) => quote!(#root::Backoff::#word),
                BackoffWord::Custom(function) => quote!(#root::Backoff::Custom(#function)),
            };
            config.extend(quote!(.backoff(#backoff)));
        }
        if let Some(given) = &options.jitter {
            let word = &given.value;
            config.extend(quote!(.jitter(#root::Jitter::#word)));
        }
        config
    }

    pub(super) fn write_policy(&self, cx: &Cx<'_>) -> Option<(TokenStream, TokenStream)> {
        if self.options.with.is_some() {
            return None;
        }
        let (root, name, config) = (cx.root, cx.head.name_tokens(), self.config(cx, false));
        Some((quote!(#root::Retry), quote!(#root::Retry::from_static(#name, #config))))
    }

    pub(super) fn write_loop(&self, cx: &Cx<'_>, inner: TokenStream) -> TokenStream {
        let (root, answer, slot) = (cx.root, cx.answer(), cx.slot());
        let (retry, attempts, config) = (cx.own("retry"), cx.own("attempts"), cx.own("config"));
        let span = Span::mixed_site();
        let policy = match &self.options.with {
            Some(with) => {
                let expr = &with.value.0;
                let expr = quote_spanned!(expr.span()=> &(#expr));
                quote_spanned!(span=> let #retry: &#root::Retry = #expr;)
            }
            None => quote_spanned!(span=> let #retry: &#root::Retry = #slot.get();),
        };
        let attempts_of = match self.is_dynamic() {
            true => {
                let all = self.config(cx, true);
                quote_spanned!(span=> let #config = #all; let mut #attempts = #root::attempts(&#config);)
            }
            false => quote_spanned!(span=> let mut #attempts = #root::attempts(#retry.config());),
        };
        let (spares, clones) = self.clones_code(cx, &attempts);
        let decision = self.decision(cx);
        let deadline = match &cx.deadline {
            Some(deadline) => quote!(::core::option::Option::Some(&#deadline)),
            None => quote!(::core::option::Option::None),
        };
        let sleep = match cx.is_async() {
            true => quote_spanned!(span=> #root::sleep(__mainstay_delay).await;),
            false => quote_spanned!(span=> #root::sleep_blocking(__mainstay_delay);),
        };
        let pause = match &self.options.before_retry {
            Some(given) => {
                let hook = self.hook(cx, &given.value, &attempts);
                quote_spanned!(span=> #sleep #hook)
            }
            None => quote_spanned!(span=> ::core::mem::drop(__mainstay_answer); #sleep),
        };
        quote_spanned! {span=> {
            #policy
            #attempts_of
            #spares
            loop {
                #clones
                let __mainstay_answer: #answer = #inner;
                let __mainstay_decision = #decision;
                let ::core::option::Option::Some(__mainstay_delay) =
                    #root::next(#retry, &mut #attempts, __mainstay_decision, #deadline)
                else {
                    break __mainstay_answer;
                };
                #pause
            }
        }}
    }

    /// Where the arguments to clone wait, and the copies that an attempt gets.
    fn clones_code(&self, cx: &Cx<'_>, attempts: &Ident) -> (TokenStream, TokenStream) {
        let root = cx.root;
        let mut spares = TokenStream::new();
        let mut clones = TokenStream::new();
        for name in self.cloned() {
            let span = name.span().resolved_at(Span::mixed_site());
            let root = root.at(name.span());
            let spare = Ident::new(&format!("__mainstay_spare_{}", name.unraw()), span);
            if cx.arguments_needed_later {
                clones.extend(quote_spanned! {span=>
                    #[allow(unused_mut)]
                    let mut #name = ::core::clone::Clone::clone(&#name);
                });
            } else {
                spares.extend(quote_spanned!(span=> let mut #spare = ::core::option::Option::Some(#name);));
                clones.extend(quote_spanned! {span=>
                    #[allow(unused_mut)]
                    let mut #name = #root::next_argument(&mut #spare, #attempts.is_last());
                });
            }
        }
        (spares, clones)
    }

    /// Whether the answer is worth another try.
    fn decision(&self, cx: &Cx<'_>) -> TokenStream {
        let (root, flow, options) = (cx.root, cx.flow(), &self.options);
        let span = Span::mixed_site();
        let error = Ident::new("__mainstay_error", span);
        let class = quote_spanned!(span=> #root::class_of!(#error));
        let hint = match &options.retry_after {
            Some(given) => given.value.hint(root, "__mainstay_error"),
            None => quote!(::core::option::Option::None),
        };
        let again = quote_spanned!(span=> #flow.again(#class, #hint));
        let listed = options.retry_on.as_ref().map(|given| given.value.matches(&error));
        let stop = quote_spanned!(span=> #root::Decision::Stop);
        let otherwise = match (&options.retry_if, &listed) {
            (Some(given), _) => {
                let asked = given.value.ask(root, "__mainstay_error");
                quote_spanned!(span=> if !#flow.was_refused() && #asked { #again } else { #stop })
            }
            (None, Some(_)) => stop.clone(),
            (None, None) => quote_spanned!(span=> #flow.decide(#class, || #hint)),
        };
        let mut decision = otherwise;
        if let Some(listed) = listed {
            decision = quote_spanned!(span=> if #listed { #again } else { #decision });
        }
        if let Some(given) = &options.abort_on {
            let aborted = given.value.matches(&error);
            decision = quote_spanned!(span=> if #aborted { #stop } else { #decision });
        }
        let (value, on_ok) = match &options.retry_ok_if {
            Some(given) => {
                let asked = given.value.ask(root, "__mainstay_value");
                (
                    quote_spanned!(span=> __mainstay_value),
                    quote_spanned!(span=> if #asked { #root::Decision::AGAIN } else { #stop }),
                )
            }
            None => (quote!(_), stop),
        };
        let outcome = cx.fallible("as_outcome", &quote_spanned!(span=> &__mainstay_answer));
        quote_spanned! {span=>
            match #outcome {
                ::core::result::Result::Ok(#value) => #on_ok,
                ::core::result::Result::Err(#error) => #decision,
            }
        }
    }

    fn hook(&self, cx: &Cx<'_>, hook: &Callable, attempts: &Ident) -> TokenStream {
        let (root, span) = (cx.root, Span::mixed_site());
        let located = hook.span().resolved_at(span);
        let outcome = cx.fallible("as_outcome", &quote_spanned!(span=> &__mainstay_answer));
        let next = quote_spanned! {located=>
            #root::NextAttempt::new(
                #attempts.number(),
                __mainstay_delay,
                #outcome,
            )
        };
        if !cx.is_async() {
            let told = hook.tell(root, &quote_spanned!(located=> &#next));
            return quote_spanned! {span=>
                #[allow(clippy::let_unit_value)]
                let __mainstay_told: () = #told;
            };
        }
        let at = root.at(hook.span());
        let tell = Ident::new(
            match hook {
                Callable::Closure(closure) if closure.asyncness.is_some() => "tell_async_closure",
                Callable::Closure(_) => "tell_closure",
                Callable::Path(_) => "tell_path",
            },
            hook.span(),
        );
        let waiting = cx.own("waiting");
        // A statement of its own, so that what a hook does not keep is not held while it is waited for.
        let told = quote_spanned!(hook.span()=> let #waiting = #at::#tell(#hook, #next););
        let wait = cx.within_deadline(hook.span(), &quote!(#waiting), |late| quote!(break #late));
        quote_spanned! {span=>
            #told
            let () = #wait;
        }
    }
}
