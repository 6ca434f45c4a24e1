//! Random right options of the attributes against overload, and of those that make calls twice or make them fail.

use fastrand::Rng;

use super::{
    choose, one_in,
    options::{BUDGETS, maybe, predicates, with},
    parts::Hand,
    signature::{Flavor, Function},
    stack::Layer,
};

pub(super) fn hedge(rng: &mut Rng, layer: &mut Layer, function: &Function) {
    if !with(rng, layer, function, "hedge", "HEDGE") {
        if one_in(rng, 3) {
            layer.options.push((*choose(rng, &["after = \"50ms\"", "after = SHORT"])).to_owned());
        } else {
            maybe(rng, layer, &["after = \"p99\"", "after = \"p99.9\"", "after = \"p50\""]);
            maybe(rng, layer, &["min_after = \"2ms\"", "min_after = SHORT", "warm_up = 50", "warm_up = FEW"]);
        }
        maybe(rng, layer, &["max = 2", "max = FEW", "max = 1_u32"]);
        maybe(rng, layer, BUDGETS);
    }
    if !one_in(rng, 8) {
        layer.options.push("safe".to_owned());
    }
    let changed = |pattern: &str| pattern.starts_with("mut ");
    let cloned = function.arguments.iter().filter(|argument| {
        let shape = argument.shape;
        argument.is_plain()
            && (shape.hand == Hand::Owned || shape.hand == Hand::Copied && changed(shape.pattern))
    });
    let cloned = cloned.filter(|argument| !one_in(rng, if changed(argument.shape.pattern) { 10 } else { 3 }));
    layer.clones = cloned.map(|argument| argument.name).collect();
    if !layer.clones.is_empty() {
        layer.options.push(format!("clone({})", layer.clones.join(", ")));
    }
    rng.shuffle(&mut layer.options);
}

pub(super) fn adaptive_limit(rng: &mut Rng, layer: &mut Layer, function: &Function) {
    let given = with(rng, layer, function, "adaptive", "ADAPTIVE");
    if !given {
        let algorithms = [
            "algorithm = gradient",
            "algorithm = aimd",
            "algorithm = aimd, backoff_ratio = 0.5",
            "algorithm = aimd, backoff_ratio = HALF, latency_threshold = \"1s\"",
            "latency_threshold = SHORT, algorithm = aimd",
        ];
        maybe(rng, layer, &algorithms);
        let bounds = [
            "initial = 5",
            "initial = FEW",
            "min = 2, max = 50",
            "min = FEW, initial = FEW + 2, max = 10_u32",
        ];
        maybe(rng, layer, &bounds);
    }
    let priorities = [
        "priority = critical",
        "priority = normal",
        "priority = sheddable",
        "priority = ::mainstay::adaptive_limit::Priority::Normal",
        "priority = if FEW > 2 { PRIORITY } else { ::mainstay::adaptive_limit::Priority::Critical }",
    ];
    maybe(rng, layer, &priorities);
    if !given && layer.says("priority") {
        maybe(
            rng,
            layer,
            &["normal_share = 0.7", "sheddable_share = 0.3", "sheddable_share = HALF, normal_share = 1"],
        );
    }
    predicates(rng, layer, function, "overload_if", &["overload_on"]);
    rng.shuffle(&mut layer.options);
}

pub(super) fn throttle(rng: &mut Rng, layer: &mut Layer, function: &Function) {
    if !with(rng, layer, function, "throttle", "THROTTLE") {
        maybe(rng, layer, &["k = 1.5", "k = 2", "k = HALF + 1.0"]);
        maybe(rng, layer, &["window = \"30s\"", "window = Duration::from_secs(60)"]);
        maybe(rng, layer, &["minimum_calls = 20", "minimum_calls = FEW"]);
        maybe(
            rng,
            layer,
            &["max_rejection_rate = 0.5", "max_rejection_rate = HALF", "max_rejection_rate = 1"],
        );
    }
    predicates(rng, layer, function, "reject_if", &["reject_on", "ignore_on"]);
    rng.shuffle(&mut layer.options);
}

pub(super) fn chaos(rng: &mut Rng, layer: &mut Layer, function: &Function) {
    if !with(rng, layer, function, "chaos", "CHAOS") {
        let latencies = [
            "latency = \"20ms\", latency_rate = 0.5",
            "latency = SHORT, latency_rate = HALF",
            "latency = \"1ms\", latency_max = \"1s\", latency_rate = 1",
        ];
        maybe(rng, layer, &latencies);
        maybe(rng, layer, &["error_rate = 0.2", "error_rate = HALF"]);
        maybe(rng, layer, &["panic_rate = 0.1"]);
        // A mistake in a sync function, now and then.
        if function.flavor != Flavor::Sync || one_in(rng, 12) {
            maybe(rng, layer, &["drop_rate = 0.25"]);
        }
        maybe(rng, layer, &["seed = 7", "seed = 0xFFFF_FFFF_FFFF_FFFF", "seed = FEW as u64"]);
    }
    maybe(rng, layer, &[&format!("error = {}", function.failure.make)]);
    maybe(rng, layer, &["after"]);
    rng.shuffle(&mut layer.options);
}
