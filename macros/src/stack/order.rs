//! Orders that are known to be wrong, with both attributes marked.

use super::{Kind, layer::Stack};
use crate::errors::Errors;

pub(super) fn check(stack: &Stack, errors: &mut Errors) {
    for (index, outer) in stack.layers.iter().enumerate() {
        for inner in &stack.layers[index + 1..] {
            let problem = match (outer.head.kind, inner.head.kind) {
                (Kind::Retry, Kind::Retry) => {
                    "two `#[retry]` on one function multiply their attempts: keep one and raise its `max_attempts`"
                        .to_owned()
                }
                (Kind::Cached, Kind::Cached) => {
                    "two `#[cached]` on one function: the inner one never sees a call that the outer one answers; keep one, \
                     with `store = …` for a second tier"
                        .to_owned()
                }
                (Kind::Cached, Kind::Fallback) => {
                    "`#[fallback]` stands below `#[cached]`, which would keep its answer as the function's own and give it \
                     to every later call: write `#[fallback]` above `#[cached]`"
                        .to_owned()
                }
                (Kind::Idempotent, Kind::Idempotent) => {
                    "two `#[idempotent]` on one function: keep one, with a key that has both parts".to_owned()
                }
                (Kind::Idempotent, Kind::Fallback) => {
                    "`#[fallback]` stands below `#[idempotent]`, which would keep its answer as the function's own and \
                     give it to every repeated call: write `#[fallback]` above `#[idempotent]`"
                        .to_owned()
                }
                (Kind::Hedge, Kind::Hedge) => {
                    "two `#[hedge]` on one function multiply their attempts: keep one and raise its `max`".to_owned()
                }
                (Kind::Hedge, Kind::Retry) => {
                    "`#[retry]` stands below `#[hedge]`, and each of the attempts side by side would be retried on its own: \
                     write `#[retry]` above `#[hedge]`"
                        .to_owned()
                }
                (Kind::Hedge, Kind::Fallback) => {
                    "`#[fallback]` stands below `#[hedge]`, which would take its answer for a success while another attempt \
                     may still have one: write `#[fallback]` above `#[hedge]`"
                        .to_owned()
                }
                (Kind::Hedge, Kind::Idempotent) => {
                    "`#[idempotent]` stands below `#[hedge]`, whose second attempt would find the key in flight: write \
                     `#[idempotent]` above `#[hedge]`"
                        .to_owned()
                }
                (Kind::Hedge, Kind::Cached) => {
                    "`#[cached]` stands below `#[hedge]`, whose second attempt would wait for the load of the first: write \
                     `#[cached]` above `#[hedge]`"
                        .to_owned()
                }
                (Kind::Hedge, Kind::CacheEvict) => {
                    "`#[cache_evict]` stands below `#[hedge]`, where an attempt that is dropped may have changed what it then \
                     does not evict: write `#[cache_evict]` above `#[hedge]`"
                        .to_owned()
                }
                (Kind::Retry | Kind::CircuitBreaker | Kind::Timeout, Kind::Fallback)
                    if inner.room.as_fallback().is_some_and(|fallback| !fallback.is_filtered()) =>
                {
                    let outer = outer.head.kind.name();
                    format!(
                        "`#[fallback]` stands below `#[{outer}]`, which therefore never sees a failure and is not \
                         covered by it: write `#[fallback]` above `#[{outer}]`, or limit it with `on(…)`"
                    )
                }
                _ => continue,
            };
            errors.add(syn::Error::new(outer.head.span, &problem));
            errors.add(syn::Error::new(inner.head.span, &problem));
        }
    }
    check_nested_limits(stack, errors);
}

/// A time limit directly inside one that is no longer can never end a call.
fn check_nested_limits(stack: &Stack, errors: &mut Errors) {
    for pair in stack.layers.windows(2) {
        let [outer, inner] = pair else { continue };
        let (Some(outer_room), Some(inner_room)) = (outer.room.as_timeout(), inner.room.as_timeout()) else {
            continue;
        };
        if let (Some(outer_limit), Some(inner_limit)) = (outer_room.nanos(), inner_room.nanos())
            && inner_limit >= outer_limit
        {
            let problem = "two time limits directly inside each other: the inner one is no shorter and never ends a \
                           call; keep the shorter one";
            errors.add(syn::Error::new(outer.head.span, problem));
            errors.add(syn::Error::new(inner.head.span, problem));
        }
    }
}
