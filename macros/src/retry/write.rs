use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Ident, ext::IdentExt, spanned::Spanned};

use super::read::Room;
use crate::{
    stack::Cx,
    values::{BackoffWord, Callable},
};

/// How the code gets at the policy.
struct Policy {
    /// An expression of it.
    policy: TokenStream,
    /// An expression of a reference to its configuration.
    config: TokenStream,
    /// The same as an `Option`, where the call computes it.
    computed: TokenStream,
    /// What holds when its time started, if that is limited.
    started: Option<Ident>,
    /// What comes before the first attempt.
    before: TokenStream,
}

/// What follows an attempt: expressions of an `Option` of the attempts so far and the wait before the next one.
struct Follows {
    on_error: TokenStream,
    /// After a value, where the user asks: the question, and what follows if it is answered yes.
    on_ok: Option<(TokenStream, TokenStream)>,
}

impl Policy {
    /// What follows an attempt. The shorter call is the usual one.
    fn after(&self, cx: &Cx<'_>, attempts: &Ident, decision: &TokenStream, is_dynamic: bool) -> TokenStream {
        let (root, span) = (cx.root, Span::mixed_site());
        let Self { policy, computed, started, .. } = self;
        if cx.deadline.is_none() && started.is_none() && !is_dynamic {
            return quote_spanned!(span=> #root::next(#policy, #attempts, #decision));
        }
        let started = match started {
            Some(started) => started.into_token_stream(),
            None => quote_spanned!(span=> #root::Instant::NEVER),
        };
        let deadline = match &cx.deadline {
            Some(deadline) => quote!(::core::option::Option::Some(&#deadline)),
            None => quote!(::core::option::Option::None),
        };
        quote_spanned! {span=>
            #root::next_within(#policy, #computed, #attempts, #decision, #started, #deadline)
        }
    }
}

impl Room {
    /// The configuration: the constant part of it for the static, all of it otherwise.
    fn config(&self, cx: &Cx<'_>, all: bool) -> TokenStream {
        let root = cx.root;
        let options = &self.options;
        let mut config = quote!(#root::RetryConfig::new());
        let per_call = |word: &str| {
            let word = Ident::new(word, Span::mixed_site());
            quote!(.per_call(#root::PerCall::#word))
        };
        if let Some(given) = &options.max_attempts {
            let value = &given.value;
            config.extend(match all || !given.value.is_expr() {
                true => quote!(.max_attempts(#value)),
                false => per_call("MAX_ATTEMPTS"),
            });
        }
        let durations = [
            ("initial_delay", &options.initial_delay),
            ("max_delay", &options.max_delay),
            ("max_elapsed", &options.max_elapsed),
        ];
        for (name, given) in durations {
            if let Some(given) = given {
                let (method, value) = (Ident::new(name, Span::mixed_site()), given.value.write(root));
                config.extend(match all || !given.value.is_expr() {
                    true => quote!(.#method(#value)),
                    false => per_call(&name.to_uppercase()),
                });
            }
        }
        if let Some(given) = &options.exponential_base {
            let value = &given.value;
            config.extend(match all || !given.value.is_expr() {
                true => quote!(.exponential_base(#value)),
                false => per_call("EXPONENTIAL_BASE"),
            });
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
        if let Some(given) = &options.budget {
            let (slot, pays) = (cx.budget_slot(), given.value.pays());
            config.extend(quote!(.spending(&#slot, #pays)));
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
        let (root, answer, attempts) = (cx.root, cx.answer(), cx.own("attempts"));
        let span = Span::mixed_site();
        let policy = self.found(cx, &attempts);
        let (spares, clones) = self.clones_code(cx, &attempts, &policy.config);
        let sleep = match cx.is_async() {
            true => quote_spanned!(span=> #root::sleep(__mainstay_delay).await;),
            false => quote_spanned!(span=> #root::sleep_blocking(__mainstay_delay);),
        };
        let attempt_and_pause = match &self.options.before_retry {
            Some(given) => {
                let next = self.next(cx, &policy, &attempts);
                let hook = self.hook(cx, &given.value, &attempts);
                quote_spanned! {span=>
                    #clones
                    let __mainstay_answer: #answer = #inner;
                    let ::core::option::Option::Some((__mainstay_made, __mainstay_delay)) = #next else {
                        break __mainstay_answer;
                    };
                    #attempts = __mainstay_made;
                    #sleep
                    #hook
                }
            }
            None => {
                let attempt = self.attempt(cx, &policy, &attempts, &inner);
                quote_spanned! {span=>
                    let __mainstay_delay = {
                        #clones
                        #attempt
                    };
                    #sleep
                }
            }
        };
        let before = policy.before;
        quote_spanned! {span=> {
            #before
            #spares
            loop { #attempt_and_pause }
        }}
    }

    /// A policy of the function's own is not even looked for until an attempt has failed, unless it limits the time from
    /// the start or something else of it is needed then. A call that has looked stays with what it has seen.
    fn found(&self, cx: &Cx<'_>, attempts: &Ident) -> Policy {
        let (root, slot, span) = (cx.root, cx.slot(), Span::mixed_site());
        let (retry, config, started) = (cx.own("retry"), cx.own("config"), cx.own("started"));
        if let Some(with) = &self.options.with {
            let expr = &with.value.0;
            let expr = quote_spanned!(expr.span()=> &(#expr));
            return Policy {
                policy: retry.to_token_stream(),
                config: quote_spanned!(span=> #root::config_of(#retry, #attempts)),
                computed: quote!(::core::option::Option::None),
                before: quote_spanned! {span=>
                    let #retry: &#root::Retry = #expr;
                    let (mut #attempts, #started) = #root::begin_with(#retry);
                },
                started: Some(started),
            };
        }
        let policy = quote_spanned!(span=> #slot.get());
        let (is_dynamic, is_timed) = (self.is_dynamic(), self.options.max_elapsed.is_some());
        let mut before = match is_dynamic || is_timed || !self.cloned().is_empty() {
            true => quote_spanned!(span=> let mut #attempts = #root::begin(#policy);),
            false => quote_spanned!(span=> let mut #attempts = #root::Attempts::NONE;),
        };
        if let Some(budget) = self.paid_into(cx) {
            before.extend(quote_spanned!(span=> #root::deposit(&#budget);));
        }
        let (config, computed) = if is_dynamic {
            let all = self.config(cx, true);
            before.extend(quote_spanned!(span=> let #config = #root::computed(#policy, #attempts, #all);));
            (quote_spanned!(span=> &#config), quote!(::core::option::Option::Some(&#config)))
        } else {
            let config = quote_spanned!(span=> #root::config_of(#policy, #attempts));
            (config, quote!(::core::option::Option::None))
        };
        let started = is_timed.then(|| {
            before.extend(quote_spanned!(span=> let #started = #root::started(#config);));
            started
        });
        Policy { policy, config, computed, started, before }
    }

    /// The static of the budget that calls pay into.
    fn paid_into(&self, cx: &Cx<'_>) -> Option<Ident> {
        self.options.budget.as_ref().filter(|given| given.value.pays()).map(|_| cx.budget_slot())
    }

    /// One attempt: it ends the loop or gives the wait before the next one.
    ///
    /// The answer is taken apart, and put together where it is the call's. Looked at as a whole it would go through
    /// memory, where the processor stalls on what was written in two parts and is read in one; and it is gone before
    /// the wait, so it takes no room in the future.
    fn attempt(&self, cx: &Cx<'_>, policy: &Policy, attempts: &Ident, inner: &TokenStream) -> TokenStream {
        let span = Span::mixed_site();
        let outcome = cx.fallible("into_outcome", inner);
        let (value, failed) = (Ident::new("__mainstay_value", span), Ident::new("__mainstay_failed", span));
        let (succeeds, fails) = (cx.answer_of("Ok", &value), cx.answer_of("Err", &failed));
        let error = Ident::new("__mainstay_error", span);
        let wait = |next: TokenStream, end: &TokenStream| {
            quote_spanned! {span=>
                match #next {
                    ::core::option::Option::Some((__mainstay_made, __mainstay_delay)) => {
                        #attempts = __mainstay_made;
                        __mainstay_delay
                    }
                    ::core::option::Option::None => break #end,
                }
            }
        };
        let follows = self.follows(cx, policy, attempts, &error);
        let on_error = wait(follows.on_error, &fails);
        let on_ok = match follows.on_ok {
            Some((asked, again)) => {
                let again = wait(again, &succeeds);
                quote_spanned! {span=>
                    if { let #value = &#value; #asked } { #again } else { break #succeeds }
                }
            }
            None => quote_spanned!(span=> break #succeeds),
        };
        quote_spanned! {span=>
            match #outcome {
                ::core::result::Result::Ok(#value) => #on_ok,
                ::core::result::Result::Err(#failed) => {
                    let #error = &#failed;
                    #on_error
                }
            }
        }
    }

    fn follows(&self, cx: &Cx<'_>, policy: &Policy, attempts: &Ident, error: &Ident) -> Follows {
        let after = |decision: TokenStream| policy.after(cx, attempts, &decision, self.is_dynamic());
        let on_ok = self.options.retry_ok_if.as_ref().map(|given| {
            let root = cx.root;
            let again = quote_spanned!(Span::mixed_site()=> #root::Decision::AGAIN);
            (given.value.ask(cx.root, "__mainstay_value"), after(again))
        });
        let mut decision = self.decision(cx, error);
        if let Some(budget) = self.paid_into(cx)
            && cx.stack.has_flow()
        {
            let (root, flow) = (cx.root, cx.flow());
            decision =
                quote_spanned!(Span::mixed_site()=> #root::paid(&#budget, #attempts, #flow, #decision));
        }
        Follows { on_error: after(decision), on_ok }
    }

    /// An `Option` of the attempts so far and the wait before the next one.
    fn next(&self, cx: &Cx<'_>, policy: &Policy, attempts: &Ident) -> TokenStream {
        let span = Span::mixed_site();
        let error = Ident::new("__mainstay_error", span);
        let Follows { on_error, on_ok } = self.follows(cx, policy, attempts, &error);
        let (value, on_ok) = match on_ok {
            Some((asked, again)) => (
                quote_spanned!(span=> __mainstay_value),
                quote_spanned!(span=> if #asked { #again } else { ::core::option::Option::None }),
            ),
            None => (quote!(_), quote!(::core::option::Option::None)),
        };
        let outcome = cx.fallible("as_outcome", &quote_spanned!(span=> &__mainstay_answer));
        quote_spanned! {span=>
            (match #outcome {
                ::core::result::Result::Ok(#value) => #on_ok,
                ::core::result::Result::Err(#error) => #on_error,
            })
        }
    }

    /// Where the arguments to clone wait, and the copies that an attempt gets.
    fn clones_code(&self, cx: &Cx<'_>, attempts: &Ident, config: &TokenStream) -> (TokenStream, TokenStream) {
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
                    let mut #name = #root::next_argument(&mut #spare, #attempts.is_last(#config));
                });
            }
        }
        (spares, clones)
    }

    /// Whether `error` is worth another try.
    fn decision(&self, cx: &Cx<'_>, error: &Ident) -> TokenStream {
        let (root, flow, options) = (cx.root, cx.flow(), &self.options);
        let span = Span::mixed_site();
        let class = quote_spanned!(span=> #root::class_of!(#error));
        let hint = match &options.retry_after {
            Some(given) => given.value.hint(root, "__mainstay_error"),
            None => quote!(::core::option::Option::None),
        };
        let again = quote_spanned!(span=> #flow.again(#class, #hint));
        let listed = options.retry_on.as_ref().map(|given| given.value.matches(error));
        let stop = quote_spanned!(span=> #root::Decision::Stop);
        let otherwise = match (&options.retry_if, &listed) {
            (Some(given), _) => {
                let asked = given.value.ask(root, "__mainstay_error");
                quote_spanned!(span=> if !#flow.was_refused() && #asked { #again } else { #stop })
            }
            (None, Some(_)) => stop.clone(),
            (None, None) if options.retry_after.is_none() => quote_spanned!(span=> #flow.decide(#class)),
            (None, None) => quote_spanned!(span=> #flow.decide_with_hint(#class, || #hint)),
        };
        let mut decision = otherwise;
        if let Some(listed) = listed {
            decision = quote_spanned!(span=> if #listed { #again } else { #decision });
        }
        if let Some(given) = &options.abort_on {
            let aborted = given.value.matches(error);
            decision = quote_spanned!(span=> if #aborted { #stop } else { #decision });
        }
        decision
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
