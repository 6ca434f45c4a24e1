//! Options that are wrong, each with a part of what is to be said.

use fastrand::Rng;

use super::{
    choose,
    stack::{Kind, Layer},
};

type Mistake = (&'static [&'static str], &'static [&'static str]);

const RETRY: &[Mistake] = &[
    (&["max_attempts = 0"], &["`max_attempts` must be at least 1"]),
    (&["max_attempts = -3"], &["`max_attempts` cannot be negative"]),
    (&["max_attempts = 1.5"], &["`max_attempts` is a whole number"]),
    (&["max_attempts = 'c'"], &["`max_attempts` is a whole number"]),
    (&["max_attempts = 99999999999"], &["`max_attempts` is at most"]),
    (&["initial_delay = 5"], &["a duration needs a unit"]),
    (&["initial_delay = \"5 parsecs\""], &["is no duration"]),
    (&["initial_delay = \"\""], &["an empty text is no duration"]),
    (&["initial_delay = \"2m\""], &["`initial_delay` is more than `max_delay`"]),
    (&["max_delay = \"1ms\""], &["`max_delay` is less than `initial_delay`"]),
    (&["max_elapsed = \"10ms\""], &["`max_elapsed` is not longer than `initial_delay`"]),
    (&["backoff = \"linear\""], &["expected `exponential`"]),
    (&["backoff = linear", "exponential_base = 3.0"], &["`exponential_base` has no effect"]),
    (&["jitter = some"], &["expected one of `full`"]),
    (&["jitter = Jitter::Full"], &["did you mean `full`? expected one of `full`"]),
    (&["retry_onn(E::A if true)"], &["has no option `retry_onn`; did you mean `retry_on`?"]),
    (&["budget = whithin(\"x\")"], &["did you mean `within`? expected the name of a shared budget"]),
    (&["max_atempts = 3"], &["has no option `max_atempts`; did you mean `max_attempts`?"]),
    (&["jitter = full", "jitter = full"], &["`jitter` is given twice"]),
    (&["clone(nobody)"], &["there is no argument `nobody`"]),
    (&["clone()"], &["expected the names of arguments"]),
    (&["retry_on()"], &["expected patterns of the error type"]),
    (&["abort_on(_)"], &["this pattern matches every error"]),
    (&["retry_if = 5"], &["expected a path to a function, or a closure"]),
    (&["budget = 2"], &["a share lies between 0 and 1"]),
    (&["budget = \"0.1\""], &["in quotes this is the name of a shared budget"]),
    (&["budget = few()"], &["expected the name of a shared budget"]),
    (&["with = RETRY", "max_attempts = 3"], &["`with` brings its own options"]),
    (&["5"], &["takes no such value here"]),
    (&["\"\""], &["a policy's name cannot be empty"]),
    (&["name = 5"], &["expected a text such as"]),
    (&["\"a\"", "name = \"b\""], &["the name is given twice"]),
    (&["crate = \"mainstay\""], &["expected the path of the crate"]),
    (
        &["max_attempts = 0", "initial_delay = 5"],
        &["`max_attempts` must be at least 1", "a duration needs a unit"],
    ),
];

const BREAKER: &[Mistake] = &[
    (&["failure_threshold = 0"], &["`failure_threshold` must be at least 1"]),
    (&["failure_rate = 50", "window = 10"], &["a share lies between 0 and 1"]),
    (&["failure_rate = 0", "window = 10"], &["a share is more than 0"]),
    (&["failure_rate = 0.5"], &["a share needs a window"]),
    (&["window = 10"], &["`window` belongs with a share"]),
    (&["failure_rate = 0.5", "window = 10", "failure_threshold = 5"], &["keep one"]),
    (
        &["failure_rate = 0.5", "window = 10", "minimum_calls = 20"],
        &["`minimum_calls` is more than the window holds"],
    ),
    (&["slow_call_rate = 0.5"], &["`slow_call_rate` needs `slow_call`"]),
    (&["timeout = \"0s\""], &["`timeout` must be more than zero"]),
    (&["max_timeout = \"1s\""], &["`max_timeout` is less than `timeout`"]),
    (&["max_keys = 5"], &["`max_keys` needs `key`"]),
    (&["with = BREAKER", "timeout = \"1s\""], &["`with` brings its own options"]),
    (&["failure_if = \"f\""], &["expected a path to a function, or a closure"]),
    (&["on_cancel = maybe"], &["expected one of `ignore`"]),
    (&["on_cancel = \"failure\""], &["did you mean `failure`? expected one of `ignore`"]),
];

const TIMEOUT: &[Mistake] = &[
    (&["5"], &["a duration needs a unit"]),
    (&["-5"], &["a duration cannot be negative"]),
    (&["\"0s\""], &["a limit of zero would cut off every call"]),
    (&["name = \"x\""], &["how long may a call take?"]),
    (&["\"1s\"", "with = TIMEOUT"], &["`with` brings its own limit", "this duration and `with` contradict"]),
    (&["\"1s\"", "blocking = yes"], &["expected one of `thread`"]),
    (&["\"a\"", "\"1s\"", "\"2s\""], &["takes no such value here"]),
];

const LIMIT: &[Mistake] = &[
    (&["100"], &["a rate needs a period"]),
    (&["\"0/s\""], &["a rate of zero"]),
    (&["\"5/fortnight\""], &["is no period"]),
    (&["burst = 3"], &["how many calls per time?"]),
    (&["\"5/s\"", "tokens = 9"], &["a call takes more than the burst"]),
    (&["\"5/s\"", "tokens = 0"], &["more than zero tokens"]),
    (&["\"5/s\"", "initial = 9"], &["`initial` is more than the burst"]),
    (&["\"5/s\"", "burst = 9", "algorithm = fixed_window"], &["belongs to the token bucket"]),
    (&["\"5/s\"", "with = LIMITER"], &["`with` brings its own rate"]),
    (&["\"5/s\"", "max_keys = 3"], &["`max_keys` needs `key`"]),
];

const BULKHEAD: &[Mistake] = &[
    (&["0"], &["must be at least 1"]),
    (&["\"x\""], &["how many calls may be in flight?"]),
    (&["max_wait = \"1s\""], &["how many calls may be in flight?"]),
    (&["3", "with = BULKHEAD"], &["`with` brings its own limit"]),
    (&["3", "max_queue = 0", "max_wait = \"1s\""], &["nobody could wait in a queue of 0"]),
    (&["3", "max_queue = -1"], &["`max_queue` cannot be negative"]),
    (&["3", "max_wait = 5"], &["a duration needs a unit"]),
];

const FALLBACK: &[Mistake] = &[
    (&["5"], &["expected a path to a function, or a closure"]),
    (&["name = \"x\""], &["what answers instead?"]),
    (&["|| Ok(1)"], &["a fallback takes the error"]),
    (&["|_, nobody| Ok(1)"], &["a fallback's parameters are arguments of the function"]),
    (&["instead", "onn(E::A)"], &["has no option `onn`; did you mean `on`?"]),
];

const IDEMPOTENT: &[Mistake] = &[
    (&["ttl = \"1h\""], &["by what is a repeated call known?"]),
    (&["key = 5", "ttl = 5"], &["a duration needs a unit"]),
    (&["key = 5", "ttl = \"0s\""], &["`ttl` must be more than zero"]),
    (&["key = 5", "lease = \"1s\""], &["needs no `lease`"]),
    (&["key = 5", "in_flight = reject", "max_wait = \"1s\""], &["`in_flight = reject` never waits"]),
    (&["key = 5", "fingerprint(nobody)"], &["there is no argument `nobody`"]),
    (&["key = 5", "fingerprint()"], &["expected the names of arguments"]),
    (&["key = format!(\"{:?}\", std::time::SystemTime::now())"], &["this key goes by the clock"]),
    (&["key = uuid::Uuid::new_v4().to_string()"], &["this key goes by chance"]),
    (&["key = 5", "store_err = true"], &["`store_err` stands alone"]),
    (&["key = 5", "with = CALLS", "ttl = \"1h\""], &["`with` brings its own options"]),
    (&["key = 5", "max_entries = 0"], &["`max_entries` must be at least 1"]),
    (&["key = 5", "on_duplicate = maybe"], &["expected one of `replay`"]),
    (&["key = 5", "ttll = \"1h\""], &["has no option `ttll`; did you mean `ttl`?"]),
    (
        &["ttl = \"0s\"", "fingerprint(nobody)"],
        &["by what is a repeated call known?", "`ttl` must be more", "there is no argument `nobody`"],
    ),
];

const CACHED: &[Mistake] = &[
    (&["key = 5"], &["how long is an answer kept?"]),
    (&["key = 5", "ttl = \"0s\""], &["nothing would be kept for no time"]),
    (&["key = 5", "ttl = 60"], &["a duration needs a unit"]),
    (&["key = 5", "ttl = \"1m\"", "jitter = 2"], &["a share lies between 0 and 1"]),
    (&["key = 5", "ttl = \"1m\"", "jitter = non"], &["did you mean `none`?"]),
    (&["key = 5", "ttl = \"1m\"", "on_store_error = open"], &["`on_store_error` needs `store`"]),
    (&["key = 5", "ttl = \"1m\"", "max_entries = 0"], &["`max_entries` must be at least 1"]),
    (&["key = 5", "with = ANSWERS", "ttl = \"1m\""], &["`with` brings its own options"]),
    (&["key = 5", "tll = \"1m\"", "ttl = \"1m\""], &["has no option `tll`; did you mean `ttl`?"]),
];

const TRACE_SPAN: &[Mistake] = &[
    (&["attrs()"], &["expected keys and values"]),
    (&["attrs(id)"], &["which value? write `id = …`"]),
    (&["attrs(few = 1, few = 2)"], &["`few` is given twice: keep one"]),
    (&["attr(few = 1)"], &["has no option `attr`; did you mean `attrs`?"]),
    (&["level = \"debug\""], &["expected one of `trace`"]),
    (&["kind = sever"], &["did you mean `server`? expected one of `internal`"]),
    (&["attr(few = %1)"], &["has no option `attr`; did you mean `attrs`?"]),
    (&["err(dispaly)"], &["did you mean `display`? write `err`"]),
    (&["err(some)"], &["write `err`, `err(display)` or `err(debug)`"]),
    (&["name = few()"], &["expected a text such as"]),
    (&["skip_all"], &["has no option `skip_all`"]),
    (&["level = loud", "kind = 5"], &["expected one of `trace`", "expected one of `internal`"]),
];

const METERED: &[Mistake] = &[
    (&["labels()"], &["expected labels with their values"]),
    (&["labels(outcome = true)"], &["the label `outcome` is taken by the metric itself"]),
    (&["labels(a = true, a = false)"], &["the label `a` is there twice"]),
    (&["label(a = true)"], &["has no option `label`; did you mean `labels`?"]),
    (&["slo(ok = 100)"], &["`ok` is a percentage above 0 and below 100"]),
    (&["slo(p99 = 250)"], &["a duration needs a unit"]),
    (&["buckets = [2, 1]"], &["each bound is greater than the one before it"]),
];

const TIME_IT: &[Mistake] = &[
    (&["labels(a = true)"], &["has no option `labels`"]),
    (&["buckets = [2, 1]"], &["each bound is greater than the one before it"]),
];

const HEDGE: &[Mistake] = &[
    (&["after = \"p100\"", "safe"], &["a percentile lies between 0 and 100"]),
    (&["after = \"soon\"", "safe"], &["`soon` is no duration"]),
    (&["after = \"pmost\"", "safe"], &["`pmost` is no percentile"]),
    (&["after = \"0s\"", "safe"], &["after no time every call would be made twice"]),
    (&["after = 50", "safe"], &["a duration needs a unit"]),
    (&["after = \"50ms\"", "min_after = \"1ms\"", "safe"], &["`min_after` has no effect"]),
    (&["safe", "after = SHORT", "warm_up = 5"], &["`warm_up` has no effect"]),
    (&["max = 0", "safe"], &["`max` must be at least 1"]),
    (&["budget = 50", "safe"], &["a share lies between 0 and 1"]),
    (&["budget = few()", "safe"], &["expected the name of a shared budget"]),
    (&["safe = true"], &["`safe` stands alone"]),
    (&["safe", "clone(nobody)"], &["there is no argument `nobody`"]),
    (&["safe", "with = HEDGE", "max = 2"], &["`with` brings its own options"]),
    (&["safe", "afer = \"1s\""], &["has no option `afer`; did you mean `after`?"]),
];

const ADAPTIVE: &[Mistake] = &[
    (&["algorithm = vegas"], &["expected one of `gradient`"]),
    (&["min = 5", "max = 2"], &["`max` is less than `min`"]),
    (&["initial = 1", "min = 2"], &["`initial` is less than `min`"]),
    (&["initial = 9", "max = 2"], &["`initial` is more than `max`"]),
    (&["min = 0"], &["`min` must be at least 1"]),
    (&["backoff_ratio = 0.5"], &["`backoff_ratio` belongs to `algorithm = aimd`"]),
    (&["latency_threshold = \"1s\"", "algorithm = gradient"], &["`latency_threshold` belongs to"]),
    (&["algorithm = aimd", "latency_threshold = \"0s\""], &["every call takes longer than no time"]),
    (&["normal_share = 0.5"], &["`normal_share` needs `priority`"]),
    (&["priority = \"critical\""], &["did you mean `critical`? expected `critical`"]),
    (&["priority = sheddible"], &["did you mean `sheddable`?"]),
    (&["priority = normal", "normal_share = 2"], &["a share lies between 0 and 1"]),
    (&["with = ADAPTIVE", "max = 5"], &["`with` brings its own options"]),
];

const THROTTLE: &[Mistake] = &[
    (&["k = 0.5"], &["less than 1 would refuse calls that the server accepts"]),
    (&["k = \"2\""], &["expected a number of at least 1"]),
    (&["window = \"1ms\""], &["`window` is at least a second"]),
    (&["minimum_calls = 0"], &["`minimum_calls` must be at least 1"]),
    (&["max_rejection_rate = 90"], &["a share lies between 0 and 1"]),
    (&["reject_on()"], &["expected patterns of the error type"]),
    (&["with = THROTTLE", "k = 2.0"], &["`with` brings its own options"]),
];

const CHAOS: &[Mistake] = &[
    (&["latency = \"1s\""], &["how many calls are late?"]),
    (&["latency_rate = 0.1"], &["late by how much?"]),
    (&["latency = \"0s\"", "latency_rate = 0.1"], &["a call that is late by nothing is on time"]),
    (&["latency = \"1s\"", "latency_max = \"1ms\"", "latency_rate = 0.1"], &["`latency_max` is the most"]),
    (&["error_rate = 0.7", "panic_rate = 0.7"], &["a call has one end"]),
    (&["error_rate = 5"], &["a share lies between 0 and 1"]),
    (&["after = true"], &["`after` stands alone"]),
    (&["with = CHAOS", "error_rate = 0.5"], &["`with` brings its own options"]),
];

/// Options that are no options, and with which nothing else of the attribute is told.
const BROKEN: &[Mistake] = &[
    (&["name = = 5"], &["the value of `name` cannot be read"]),
    (&["name = \"x\" +"], &["the value of `name` ends too early"]),
    (&["name ="], &["`name` needs a value"]),
    (&["name = \"x\" crate = mainstay"], &["expected `,` between options"]),
    (&["= 5"], &["this value cannot be read"]),
];

/// Puts a mistake into the layer in place of its options.
pub(super) fn put(rng: &mut Rng, layer: &mut Layer) {
    let own = match layer.kind {
        Kind::Retry => RETRY,
        Kind::CircuitBreaker => BREAKER,
        Kind::Timeout => TIMEOUT,
        Kind::RateLimit => LIMIT,
        Kind::Bulkhead => BULKHEAD,
        Kind::Fallback => FALLBACK,
        Kind::Idempotent => IDEMPOTENT,
        Kind::Cached => CACHED,
        Kind::TraceSpan => TRACE_SPAN,
        Kind::Metered => METERED,
        Kind::TimeIt => TIME_IT,
        Kind::Hedge => HEDGE,
        Kind::AdaptiveLimit => ADAPTIVE,
        Kind::Throttle => THROTTLE,
        Kind::Chaos => CHAOS,
    };
    layer.broken = rng.u32(..8) == 0;
    let (options, mistakes) = choose(rng, if layer.broken { BROKEN } else { own });
    let above = layer.above;
    let form = layer.form;
    *layer = Layer { above, form, broken: layer.broken, mistakes, ..Layer::new(layer.kind) };
    layer.options = options.iter().map(ToString::to_string).collect();
    // What is misread is not missing.
    layer.broken |= layer.options.iter().any(|option| option.starts_with("blocking"));
}
