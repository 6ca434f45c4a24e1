//! What the book says of a function and its stack: it compiles, or is refused in which words.

use super::{
    parts::Hand,
    signature::{Flavor, Function, Place},
    stack::{Kind, Layer, repeater},
};

/// A refusal that is to come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Expected {
    /// A part of its message.
    pub(crate) message: &'static str,
    /// Whether rustc tells it when it looks at types, where it has not been told before.
    pub(crate) late: bool,
}

/// All refusals. What rustc would find in a body is not reached where the attributes are refused already.
pub(super) fn expected(function: &Function, layers: &[Layer]) -> Vec<Expected> {
    let mut refusals = refusals(function, layers);
    if let Some(repeater) = repeater(layers)
        && function.moved.iter().any(|name| !repeater.clones.contains(name))
    {
        refusals.push(Expected { message: "an attempt consumes `", late: true });
    }
    if refusals.iter().any(|refusal| !refusal.late) {
        refusals.retain(|refusal| !refusal.late);
    }
    refusals
}

/// Those that the body has no part in.
pub(super) fn refusals(function: &Function, layers: &[Layer]) -> Vec<Expected> {
    let mut messages: Vec<&'static str> = layers.iter().flat_map(|layer| layer.mistakes).copied().collect();
    for (index, outer) in layers.iter().enumerate() {
        for inner in &layers[index + 1..] {
            match (outer.kind, inner.kind) {
                (Kind::Chaos, Kind::Chaos) => messages.push("two `#[chaos]` on one function: keep one"),
                (Kind::Chaos, _) => {
                    messages.push("`#[chaos]` stands for what goes wrong inside the function")
                }
                (Kind::Hedge, Kind::Hedge) => {
                    messages.push("two `#[hedge]` on one function multiply their attempts");
                }
                (Kind::Hedge, Kind::Retry) => messages.push("`#[retry]` stands below `#[hedge]`"),
                (Kind::Hedge, Kind::Fallback) => messages.push("`#[fallback]` stands below `#[hedge]`"),
                (Kind::Hedge, Kind::Idempotent) => messages.push("`#[idempotent]` stands below `#[hedge]`"),
                (Kind::Hedge, Kind::Cached) => messages.push("`#[cached]` stands below `#[hedge]`"),
                (Kind::Retry, Kind::Retry) => {
                    messages.push("two `#[retry]` on one function multiply their attempts")
                }
                (Kind::Idempotent, Kind::Idempotent) => {
                    messages.push("two `#[idempotent]` on one function: keep one")
                }
                (Kind::Cached, Kind::Cached) => messages.push("two `#[cached]` on one function"),
                (Kind::Cached, Kind::Fallback) => {
                    messages.push("`#[fallback]` stands below `#[cached]`");
                }
                (Kind::Idempotent, Kind::Fallback) => {
                    messages.push("`#[fallback]` stands below `#[idempotent]`");
                }
                (Kind::Retry | Kind::CircuitBreaker | Kind::Timeout, Kind::Fallback) if !inner.filtered => {
                    messages.push("`#[fallback]` stands below");
                }
                _ => {}
            }
        }
    }
    for pair in layers.windows(2) {
        if let [outer, inner] = pair
            && let (Some(outer), Some(inner)) = (outer.millis, inner.millis)
            && inner >= outer
        {
            messages.push("two time limits directly inside each other");
        }
    }
    for layer in layers.iter().filter(|layer| layer.kind == Kind::Timeout && !layer.broken) {
        match (function.flavor, layer.blocking) {
            (Flavor::Sync, false) => messages.push("a sync function cannot be interrupted"),
            (Flavor::Sync, true) => {
                if function.receiver.is_some_and(|receiver| receiver.contains('&')) {
                    messages.push("`blocking = thread` cannot borrow `self`");
                }
                let owned = function.receiver.is_some_and(|receiver| !receiver.contains('&'));
                if owned && layers.iter().any(Layer::borrows_self) {
                    messages.push("`blocking = thread` takes `self` along");
                }
                let borrows = |ty: &str| ty != "&'static str" && (ty.contains('&') || ty.contains('\''));
                if function.arguments.iter().any(|argument| borrows(argument.shape.ty)) {
                    messages.push("`blocking = thread` cannot borrow an argument");
                }
            }
            (_, true) => messages.push("`blocking` is for sync functions"),
            (_, false) => {}
        }
    }
    for layer in layers.iter().filter(|layer| !layer.broken) {
        match layer.kind {
            Kind::Hedge => messages.extend(hedged(function, layers, layer)),
            Kind::Chaos if function.flavor == Flavor::Sync && layer.says("drop_rate") => {
                messages.push("a sync call that never answers");
            }
            _ => {}
        }
    }
    let mut refusals: Vec<Expected> =
        messages.into_iter().map(|message| Expected { message, late: false }).collect();
    let converts = function.failure.map_err.is_none() || layers.iter().any(|layer| layer.map_err);
    let refuses = layers.iter().any(Layer::refuses);
    if refuses && !converts {
        refusals.push(Expected { message: "cannot hold a call refused by a policy", late: true });
    }
    refusals.dedup();
    refusals
}

/// What attempts side by side cannot share.
fn hedged(function: &Function, layers: &[Layer], hedge: &Layer) -> Vec<&'static str> {
    let mut messages = Vec::new();
    if function.flavor == Flavor::Sync {
        messages.push("a sync function holds its thread until it returns");
    }
    if !hedge.says("safe") && !layers.iter().any(|layer| layer.kind == Kind::Idempotent) {
        messages.push("a hedged call may run twice at once");
    }
    if function.receiver == Some("&mut self") {
        messages.push("two attempts side by side cannot both have `&mut self`");
    }
    if function.receiver == Some("mut self") {
        messages.push("two attempts side by side cannot both change `self`");
    }
    for argument in &function.arguments {
        if argument.shape.ty.starts_with("&mut") {
            messages.push("two attempts side by side cannot both have this `&mut`");
        } else if argument.shape.pattern.starts_with("mut ") && !hedge.clones.contains(&argument.name) {
            messages.push("two attempts side by side cannot both change");
        }
    }
    messages
}

/// Whether the book says what is to come of it, and not only rustc.
pub(super) fn is_decided(function: &Function, layers: &[Layer]) -> bool {
    let has = |kind| layers.iter().any(|layer| layer.kind == kind);
    let first = |kind| layers.iter().position(|layer| layer.kind == kind);
    let reuses = has(Kind::Retry) || has(Kind::Fallback) || has(Kind::Hedge);
    // A body that changes `self` cannot do so while a part of it is in use, as in any code.
    let held = layers.iter().any(Layer::borrows_self);
    if held && function.receiver.is_some_and(|receiver| receiver.contains("mut")) {
        return false;
    }
    // rustc cannot see that a future is `Send` where a hook is named by a path or async, and its answer has a `'static`.
    let hidden = ["before_retry = hook", "before_retry = async"];
    let hidden = |option: &String| hidden.iter().any(|start| option.starts_with(start));
    if function.place == Place::AsyncTrait && layers.iter().any(|layer| layer.options.iter().any(hidden)) {
        return false;
    }
    let once = function.arguments.iter().any(|argument| argument.shape.hand == Hand::Once);
    if once && (has(Kind::Retry) || has(Kind::Hedge)) {
        return false;
    }
    // A fallback inside a retry runs more than once, and cannot give away what the next one needs.
    let named = layers.iter().flat_map(|layer| &layer.names).filter_map(|name| function.named(name));
    let repeated = layers.iter().filter(|layer| layer.kind == Kind::Fallback).count() > 1
        || first(Kind::Retry) < first(Kind::Fallback) && has(Kind::Retry);
    if repeated && named.clone().any(|argument| argument.is_owned() || argument.shape.hand == Hand::Exclusive)
    {
        return false;
    }
    if layers.iter().any(|layer| layer.blocking) && function.flavor == Flavor::Sync {
        // What goes to the thread is gone for everybody else, and must be fit to go.
        let owned =
            function.receiver.is_some() && !function.receiver.is_some_and(|receiver| receiver.contains('&'));
        let fit = function.value.common
            && !(owned && reuses)
            && !(reuses && function.arguments.iter().any(|argument| argument.is_owned()))
            && function
                .arguments
                .iter()
                .all(|argument| argument.shape.free || argument.shape.ty.contains(['&', '\'']));
        return fit;
    }
    true
}
