//! Random right options for the attributes that keep answers, in memory.

use fastrand::Rng;

use super::{
    choose, one_in,
    options::{maybe, with},
    signature::{Function, Place},
    stack::Layer,
};

/// An expression over the arguments that can be a key of what is kept.
fn key(rng: &mut Rng, function: &Function) -> String {
    let is_key = |ty: &str| matches!(ty, "u32" | "&str" | "&'static str" | "String");
    let mut keys = vec!["5_u8".to_owned(), "(1, \"a\")".to_owned(), "format!(\"{}-{}\", FEW, 1)".to_owned()];
    for argument in &function.arguments {
        if argument.is_plain() && is_key(argument.shape.ty) {
            let name = argument.name;
            keys.extend([name.to_owned(), format!("(&{name}, 1)"), format!("{name}.to_string()")]);
        }
    }
    if function.receiver.is_some() && function.place != Place::TraitDefault {
        keys.push("self.count".to_owned());
    }
    choose(rng, &keys).clone()
}

pub(super) fn idempotent(rng: &mut Rng, layer: &mut Layer, function: &Function) {
    layer.options.push(format!("key = {}", key(rng, function)));
    if !with(rng, layer, function, "calls", "CALLS") {
        maybe(rng, layer, &["ttl = \"1h\"", "ttl = SHORT", "ttl = Duration::from_secs(7 * 86_400)"]);
        maybe(rng, layer, &["on_duplicate = replay", "on_duplicate = error"]);
        maybe(
            rng,
            layer,
            &[
                "in_flight = wait, max_wait = \"1s\"",
                "in_flight = reject",
                "max_wait = Duration::from_millis(5)",
            ],
        );
        maybe(rng, layer, &["on_cancel = release", "on_cancel = keep"]);
        maybe(rng, layer, &["on_store_error = open", "on_store_error = closed"]);
        maybe(rng, layer, &["max_entries = 10", "max_entries = FEW", "max_entries = 5_000_u32"]);
    }
    let is_hashed = |ty: &str| {
        matches!(ty, "u32" | "&str" | "&'static str" | "String" | "&[u8]" | "[u8; 4]" | "Vec<Option<u8>>")
            || ty.ends_with("Duration")
    };
    let parts = function.arguments.iter().filter(|part| part.is_plain() && is_hashed(part.shape.ty));
    let parts: Vec<_> = parts.map(|part| part.name).filter(|_| one_in(rng, 3)).collect();
    if !parts.is_empty() {
        layer.options.push(format!("fingerprint({})", parts.join(", ")));
    }
    let is_copied = matches!(function.failure.ty, "String" | "::mainstay::Error");
    maybe(rng, layer, if is_copied { &["store_err"] } else { &[""] });
    rng.shuffle(&mut layer.options);
}

pub(super) fn cached(rng: &mut Rng, layer: &mut Layer, function: &Function) {
    layer.options.push(format!("key = {}", key(rng, function)));
    if !with(rng, layer, function, "answers", "ANSWERS") {
        layer.options.push((*choose(rng, &["ttl = \"1m\"", "ttl = SHORT"])).to_owned());
        maybe(rng, layer, &["jitter = none", "jitter = 0.2", "jitter = HALF"]);
        maybe(rng, layer, &["max_entries = 10", "max_entries = FEW"]);
        maybe(rng, layer, &["stale_if_error = \"1h\"", "stale_if_error = SHORT"]);
        let is_copied = matches!(function.failure.ty, "String" | "::mainstay::Error");
        maybe(rng, layer, if is_copied { &["cache_err = \"5s\""] } else { &[""] });
        let is_option = function.value.ty.starts_with("Option<");
        maybe(rng, layer, if is_option { &["negative_ttl = \"5s\"", "negative_ttl = SHORT"] } else { &[""] });
    }
    rng.shuffle(&mut layer.options);
}
