//! Random right options for each attribute.

use fastrand::Rng;

use super::{
    choose, keeping, observing, one_in, overload,
    parts::Hand,
    signature::{Flavor, Function, Place},
    stack::{Kind, Layer},
};

/// Adds one of the options now and then.
pub(super) fn maybe(rng: &mut Rng, layer: &mut Layer, options: &[&str]) {
    if one_in(rng, 3) {
        let option = choose(rng, options);
        if !option.is_empty() {
            layer.options.push((*option).to_owned());
        }
    }
}

pub(super) fn random(rng: &mut Rng, kind: Kind, function: &Function) -> Layer {
    let mut layer = Layer::new(kind);
    let name = format!("\"{}-{}\"", kind.name(), function.number);
    let named = rng.u32(..6);
    match kind {
        Kind::Retry => retry(rng, &mut layer, function),
        Kind::CircuitBreaker => circuit_breaker(rng, &mut layer, function),
        Kind::Timeout => timeout(rng, &mut layer, function),
        Kind::RateLimit => rate_limit(rng, &mut layer, function),
        Kind::Bulkhead => bulkhead(rng, &mut layer, function),
        Kind::Fallback => fallback(rng, &mut layer, function),
        Kind::Idempotent => keeping::idempotent(rng, &mut layer, function),
        Kind::Cached => keeping::cached(rng, &mut layer, function),
        Kind::TraceSpan => observing::trace_span(rng, &mut layer, function),
        Kind::Metered => observing::metered(rng, &mut layer, function),
        Kind::TimeIt => observing::time_it(rng, &mut layer),
        Kind::Hedge => overload::hedge(rng, &mut layer, function),
        Kind::AdaptiveLimit => overload::adaptive_limit(rng, &mut layer, function),
        Kind::Throttle => overload::throttle(rng, &mut layer, function),
        Kind::Chaos => overload::chaos(rng, &mut layer, function),
    }
    match named {
        // Where the value in the last place is missing, a text is taken for it.
        0 if matches!(
            kind,
            Kind::Retry | Kind::CircuitBreaker | Kind::Idempotent | Kind::Hedge | Kind::Chaos
        ) || kind.observes()
            || !layer.options.concat().contains("with = ") =>
        {
            layer.options.insert(0, name);
        }
        1 => layer.options.push(format!("name = {name}")),
        _ => {}
    }
    if one_in(rng, 12) {
        layer.options.push(format!(
            "crate = {}",
            choose(rng, &["::mainstay", "mainstay", "renamed", "crate::renamed"])
        ));
    }
    layer
}

/// `self`, where it has policies as fields.
fn on_client(function: &Function) -> bool {
    function.receiver.is_some()
        && matches!(function.place, Place::Method | Place::TraitImpl | Place::AsyncTrait)
}

/// An instance of one's own, now and then.
pub(super) fn with(
    rng: &mut Rng,
    layer: &mut Layer,
    function: &Function,
    field: &str,
    constant: &str,
) -> bool {
    let given = one_in(rng, 6);
    if given {
        let own = on_client(function) && rng.bool();
        layer.options.push(if own { format!("with = self.{field}") } else { format!("with = {constant}") });
    }
    given
}

pub(super) fn predicates(
    rng: &mut Rng,
    layer: &mut Layer,
    function: &Function,
    predicate: &str,
    lists: &[&str],
) {
    let ty = function.failure.ty;
    let closure = format!("{predicate} = |held: &{ty}| always(held)");
    maybe(rng, layer, &[&format!("{predicate} = always"), &format!("{predicate} = |_| true"), &closure]);
    for list in lists {
        maybe(rng, layer, &[&format!("{list}({})", function.failure.pattern)]);
    }
}

pub(super) const BUDGETS: &[&str] =
    &["budget = 0.1", "budget = 1", "budget = \"shared\"", "budget = within(\"shared\")"];

fn retry(rng: &mut Rng, layer: &mut Layer, function: &Function) {
    if !with(rng, layer, function, "retry", "RETRY") {
        maybe(
            rng,
            layer,
            &["max_attempts = 1", "max_attempts = 4_u32", "max_attempts = few()", "max_attempts = FEW"],
        );
        maybe(rng, layer, &["initial_delay = \"10ms\"", "initial_delay = SHORT", "initial_delay = short()"]);
        maybe(rng, layer, &["max_delay = \"2s\"", "max_delay = \"1m30s\"", "max_delay = short() * 2"]);
        maybe(
            rng,
            layer,
            &[
                "backoff = linear",
                "backoff = growing",
                "backoff = fibonacci",
                "exponential_base = 1.5",
                "exponential_base = HALF + 1.0",
            ],
        );
        maybe(rng, layer, &["jitter = none", "jitter = equal", "jitter = full"]);
        maybe(rng, layer, &["max_elapsed = \"1h\"", "max_elapsed = short()"]);
        maybe(rng, layer, BUDGETS);
    }
    predicates(rng, layer, function, "retry_if", &["retry_on", "abort_on"]);
    maybe(rng, layer, &["retry_ok_if = always", "retry_ok_if = |_| false"]);
    maybe(
        rng,
        layer,
        &["retry_after = soon", "retry_after = |_| None::<Duration>", "retry_after = |_| SHORT"],
    );
    let hooks: &[&str] = match function.is_async() {
        true => &[
            "before_retry = |_| {}",
            "before_retry = async |next| take(next.number)",
            "before_retry = |_| async {}",
            "before_retry = hook",
            "before_retry = hook_later",
        ],
        false => &["before_retry = |_| {}", "before_retry = |next| take(next.number)"],
    };
    maybe(rng, layer, hooks);
    let cloned = function
        .arguments
        .iter()
        .filter(|argument| argument.shape.hand == Hand::Owned && argument.is_plain());
    layer.clones = cloned.map(|argument| argument.name).filter(|_| !one_in(rng, 3)).collect();
    if !layer.clones.is_empty() {
        layer.options.push(format!("clone({})", layer.clones.join(", ")));
    }
    rng.shuffle(&mut layer.options);
}

fn circuit_breaker(rng: &mut Rng, layer: &mut Layer, function: &Function) {
    let keyed = one_in(rng, 4);
    if keyed {
        layer.options.push(format!("key = {}", key(rng, function)));
    }
    let (field, constant) = if keyed { ("breakers", "BREAKERS") } else { ("breaker", "BREAKER") };
    if !with(rng, layer, function, field, constant) {
        match rng.u32(..4) {
            0 => layer.options.push("failure_rate = 0.5, window = 20".to_owned()),
            1 => layer.options.push("failure_rate = HALF, window = \"30s\", minimum_calls = FEW".to_owned()),
            2 => layer.options.push("slow_call = \"1s\", slow_call_rate = 0.25, window = 50".to_owned()),
            _ => maybe(
                rng,
                layer,
                &["failure_threshold = 2", "failure_threshold = FEW", "failure_threshold = FEW + 1"],
            ),
        }
        maybe(
            rng,
            layer,
            &["timeout = \"5s\", max_timeout = \"1h\"", "timeout = SHORT", "max_timeout = \"2m\""],
        );
        maybe(rng, layer, &["success_threshold = 1", "half_open_calls = FEW"]);
        maybe(rng, layer, &["on_cancel = failure", "on_cancel = ignore"]);
        maybe(rng, layer, if keyed { &["max_keys = 10"] } else { &[""] });
    }
    predicates(rng, layer, function, "failure_if", &["failure_on", "ignore_on"]);
    rng.shuffle(&mut layer.options);
}

/// An expression over the arguments that is `Hash`.
fn key(rng: &mut Rng, function: &Function) -> String {
    let hash =
        |ty: &str| matches!(ty, "u32" | "&str" | "&'static str" | "String" | "[u8; 4]" | "Vec<Option<u8>>");
    let mut keys = vec!["5_u8".to_owned(), "(1, \"a\")".to_owned()];
    for argument in &function.arguments {
        if argument.is_plain() && hash(argument.shape.ty) {
            keys.push(argument.name.to_owned());
            keys.push(format!("({}, 1)", if argument.is_owned() { "FEW" } else { argument.name }));
        }
    }
    if function.receiver.is_some() && function.place != Place::TraitDefault {
        keys.push("self.count".to_owned());
    }
    choose(rng, &keys).clone()
}

fn timeout(rng: &mut Rng, layer: &mut Layer, function: &Function) {
    if !with(rng, layer, function, "timeout", "TIMEOUT") {
        let limits = [("\"50ms\"", 50), ("\"1s\"", 1000), ("\"2s\"", 2000), ("\"1m30s\"", 90_000)];
        let (text, millis) = choose(rng, &limits);
        let span = function
            .arguments
            .iter()
            .find(|argument| argument.is_plain() && argument.shape.ty.ends_with("Duration"));
        match (rng.u32(..6), span) {
            (0, _) => layer.options.push("SHORT".to_owned()),
            (1, _) => layer.options.push("short() * FEW".to_owned()),
            (2, _) if function.receiver.is_some() && function.place != Place::TraitDefault => {
                layer.options.push("self.limit".to_owned());
            }
            (3, Some(argument)) => layer.options.push(argument.name.to_owned()),
            _ => {
                layer.options.push((*text).to_owned());
                layer.millis = Some(*millis);
            }
        }
    }
    if (function.flavor == Flavor::Sync) != one_in(rng, 12) {
        layer.options.push("blocking = thread".to_owned());
        layer.blocking = true;
    }
}

fn rate_limit(rng: &mut Rng, layer: &mut Layer, function: &Function) {
    let keyed = one_in(rng, 4);
    let (field, constant) = if keyed { ("limiters", "LIMITERS") } else { ("limiter", "LIMITER") };
    if !with(rng, layer, function, field, constant) {
        layer.options.push((*choose(rng, &["\"100/s\"", "\"5/min\"", "RATE", "\"10/250ms\""])).to_owned());
        maybe(
            rng,
            layer,
            &[
                "burst = 20, initial = 0",
                "burst = FEW",
                "algorithm = sliding_window",
                "algorithm = token_bucket, initial = 1",
            ],
        );
        maybe(rng, layer, &["max_wait = \"1s\"", "max_wait = SHORT", "max_wait = \"0s\""]);
        maybe(rng, layer, if keyed { &["max_keys = 10"] } else { &[""] });
    }
    maybe(rng, layer, &["tokens = 1", "tokens = 0.5", "tokens = few()", "tokens = FEW as usize"]);
    if keyed {
        layer.options.push(format!("key = {}", key(rng, function)));
    }
}

fn bulkhead(rng: &mut Rng, layer: &mut Layer, function: &Function) {
    if !with(rng, layer, function, "bulkhead", "BULKHEAD") {
        layer.options.push((*choose(rng, &["10", "FEW", "FEW * 2", "1_u32"])).to_owned());
        maybe(rng, layer, &["max_wait = \"1s\"", "max_wait = SHORT", "max_wait = \"0s\""]);
        maybe(rng, layer, &["max_queue = 5", "max_queue = FEW"]);
    }
}

fn fallback(rng: &mut Rng, layer: &mut Layer, function: &Function) {
    let (ty, value) = (function.failure.ty, function.value.make);
    let named =
        function.arguments.iter().filter(|argument| argument.is_plain() && argument.shape.hand != Hand::Once);
    layer.names = named.map(|argument| argument.name).filter(|_| one_in(rng, 4)).collect();
    let names: String = layer.names.iter().map(|name| format!(", {name}")).collect();
    let uses: String = layer.names.iter().map(|name| format!("let _ = &{name}; ")).collect();
    let mut forms = vec![
        format!("|held{names}| {{ {uses}Err(held) }}"),
        format!("|held: {ty}{names}| {{ {uses}Err(held) }}"),
    ];
    if names.is_empty() && function.value.common {
        forms.extend([
            "instead".to_owned(),
            format!("|_| Ok({value})"),
            format!("move |_: {ty}| Ok({value})"),
        ]);
        if function.is_async() {
            forms.extend([
                "instead_later".to_owned(),
                format!("async |_| Ok({value})"),
                format!("|_| async {{ Ok({value}) }}"),
            ]);
        }
    }
    layer.options.push(choose(rng, &forms).clone());
    if one_in(rng, 3) {
        layer.options.push(format!("on({})", function.failure.pattern));
        layer.filtered = true;
    }
}
