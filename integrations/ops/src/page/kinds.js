// How each kind of policy is shown: its short name, what its chip says, when it is in trouble, and its graphs.
const level = (policy, number) => policy.now[policy.at[number]] ?? 0;
const speed = (policy, ...numbers) => lately(policy, numbers.map((number) => policy.at[number]));
const total = (...numbers) => (policy, row) => rates(policy, numbers.map((number) => policy.at[number]), row);
const stood = (number, scale = 1) => (policy, row) => value(policy, policy.at[number], row) * scale;
const part = (name, tone, of, format) => ({ name, tone, of, format });
const flow = (title, ...series) => ({ title, unit: "per second", stacked: true, format: perSecond, series });
const levels = (title, unit, ...series) => ({ title, unit, stacked: false, format: count, series });

// Open until somebody calls: its time is over, and only a call tries whether it may close.
const isDue = (policy) => policy.kind === "circuit_breaker" && policy.phase === "open" && level(policy, "seconds_left") <= 0;
function breakerWords(policy) {
  if (isDue(policy)) return "open, the next call tries it";
  return words(policy.phase ?? "") + (policy.phase === "open" ? " " + Math.ceil(level(policy, "seconds_left")) + " s" : "");
}

const refusing = (policy) => speed(policy, "rejected") > 0 ? "warn" : "";
const admission = flow("Calls", part("permitted", "ok", total("permitted")), part("refused", "warn", total("rejected")));

const quantiles = (policy) => policy.quantiles ??= { row: -1, at: 0, found: [] };
function latency(name, tone, share) {
  const found = (policy, row) => {
    // All of a row are worked out together, once.
    const known = quantiles(policy);
    if (known.at !== model.last) Object.assign(known, { at: model.last, found: [] });
    known.found[row] ??= { now: quantile(policy, [0.5, 0.9, 0.99], row, 5) };
    return known.found[row].now?.[share] ?? null;
  };
  // What is drawn has to end somewhere; what is told does not.
  const of = (policy, row) => { const at = found(policy, row); return at === null ? null : Math.min(at, policy.bounds[policy.bounds.length - 1]); };
  return { ...part(name, tone, of), tell: (policy, row) => bounded(policy, found(policy, row)) };
}

const KINDS = {
  metered: {
    label: "metered", quiet: true,
    chip: (policy) => {
      const bad = speed(policy, "error", "timeout", "panic"), all = bad + speed(policy, "ok", "rejected");
      return { value: all && bad / all > 0.05 ? percent(bad / all).replace(/\.\d+/, "") + " failed" : "" };
    },
    condition: (policy) => {
      const bad = speed(policy, "error", "timeout", "panic"), all = bad + speed(policy, "ok", "rejected");
      return speed(policy, "panic") > 0 ? "bad" : all && bad / all > 0.05 ? "warn" : "";
    },
    graphs: [
      flow("Calls", part("ok", "ok", total("ok")), part("refused", "warn", total("rejected")), part("cancelled", "dim", total("cancelled")), part("timed out", "alt", total("timeout")), part("failed", "bad", total("error", "panic"))),
      { title: "Latency", unit: "last five samples", stacked: false, format: seconds, series: [latency("p50", "ok", 0), latency("p90", "alt", 1), latency("p99", "warn", 2)] },
      levels("In flight", "calls", part("in flight", "ok", stood("in_flight"))),
    ],
  },
  retry: {
    label: "retry",
    chip: (policy) => { const again = speed(policy, "retries"); return { value: again ? perSecond(again) + "/s" : "×" + (policy.options.max_attempts ?? "") }; },
    condition: (policy) => speed(policy, "exhausted") > 0 ? "warn" : "",
    graphs: [flow("Attempts beyond the first", part("retries", "alt", total("retries")), part("gave up", "bad", total("exhausted")))],
  },
  circuit_breaker: {
    label: "breaker", dot: true, band: true,
    chip: (policy) => ({ value: breakerWords(policy) }),
    condition: (policy) => ({ open: "bad", forced_open: "bad", half_open: "warn" })[policy.phase] ?? "",
    off: (policy) => policy.phase === "disabled" || policy.phase === "observe_only",
    graphs: [
      flow("Calls", part("succeeded", "ok", total("success")), part("ignored", "dim", total("ignored")), part("refused", "warn", total("rejected")), part("failed", "bad", total("failure"))),
      levels("Failures in a row", "calls", part("in a row", "bad", stood("consecutive_failures")), part("of the window", "alt", stood("window_failures"))),
    ],
  },
  keyed_circuit_breaker: {
    label: "breakers", dot: true,
    chip: (policy) => ({ value: level(policy, "open") ? count(level(policy, "open")) + " of " + count(level(policy, "keys")) + " open" : count(level(policy, "keys")) + " keys" }),
    condition: (policy) => level(policy, "open") > 0 ? "warn" : "",
    graphs: [levels("Keys", "breakers", part("all", "ok", stood("keys")), part("open", "bad", stood("open")), part("half-open", "warn", stood("half_open")))],
  },
  timeout: {
    label: "timeout",
    chip: (policy) => { const cut = speed(policy, "timed_out"); return { value: cut ? perSecond(cut) + "/s cut off" : policy.options.limit === "set by each call" ? "per call" : policy.options.limit }; },
    condition: (policy) => speed(policy, "timed_out") > 0 ? "warn" : "",
    graphs: [flow("Calls cut off", part("timed out", "warn", total("timed_out")))],
  },
  rate_limit: {
    label: "limit",
    chip: (policy) => { const no = speed(policy, "rejected"); return { value: no ? perSecond(no) + "/s refused" : policy.options.rate, fill: level(policy, "tokens") / Math.max(1, level(policy, "burst")) }; },
    condition: refusing,
    graphs: [admission, levels("Tokens", "of the burst", part("tokens", "new", stood("tokens")), part("burst", "dim", stood("burst"))), levels("Waiting", "calls", part("waiting", "alt", stood("waiting")))],
  },
  keyed_rate_limit: {
    label: "limit",
    chip: (policy) => { const no = speed(policy, "rejected"); return { value: no ? perSecond(no) + "/s refused" : policy.options.rate + " a key" }; },
    condition: refusing,
    graphs: [admission, levels("Keys", "remembered", part("keys", "alt", stood("keys")))],
  },
  shared_rate_limit: {
    label: "limit",
    chip: (policy) => ({ value: level(policy, "failing") ? "store away" : policy.options.rate + " shared" }),
    condition: (policy) => level(policy, "failing") ? "bad" : refusing(policy),
    graphs: [admission, flow("Store", part("failures", "bad", total("store_failures"))), levels("Waiting", "calls", part("waiting", "alt", stood("waiting")))],
  },
  bulkhead: {
    label: "bulkhead",
    chip: (policy) => { const no = speed(policy, "rejected"), running = level(policy, "running"), limit = level(policy, "limit"); return { value: no ? perSecond(no) + "/s refused" : count(running) + "/" + count(limit), fill: running / Math.max(1, limit) }; },
    condition: refusing,
    graphs: [levels("Inside", "calls", part("running", "new", stood("running")), part("limit", "dim", stood("limit")), part("waiting", "alt", stood("waiting"))), admission],
  },
  adaptive_limit: {
    label: "adaptive",
    chip: (policy) => { const no = speed(policy, "rejected"), running = level(policy, "running"), limit = level(policy, "limit"); return { value: no ? perSecond(no) + "/s refused" : count(running) + "/" + count(limit), fill: running / Math.max(1, limit) }; },
    condition: refusing,
    graphs: [levels("Inside", "calls", part("running", "new", stood("running")), part("limit", "dim", stood("limit"))), admission],
  },
  throttle: {
    label: "throttle",
    chip: (policy) => { const rate = level(policy, "rejection_rate"); return { value: rate ? percent(rate).replace(/\.\d+/, "") + " refused" : "all sent", fill: rate }; },
    condition: (policy) => level(policy, "rejection_rate") > 0 ? "warn" : "",
    graphs: [flow("Calls", part("accepted", "ok", total("accepted")), part("rejected", "bad", total("rejected")), part("throttled", "warn", total("throttled")))],
  },
  cached: {
    label: "cache",
    chip: (policy) => { const hits = speed(policy, "hit", "stale"), all = hits + speed(policy, "miss"); return { value: all ? percent(hits / all).replace(/\.\d+/, "") + " hit" : count(level(policy, "entries")) + " kept" }; },
    condition: (policy) => speed(policy, "load_failures") > 0 ? "warn" : "",
    graphs: [
      flow("Asked", part("hits", "ok", total("hit")), part("stale", "alt", total("stale")), part("misses", "new", total("miss"))),
      Object.assign(flow("Loads", part("loads", "new", total("loads")), part("failed", "bad", total("load_failures")), part("evicted", "dim", total("evictions"))), { stacked: false }),
      levels("Kept", "values", part("kept", "alt", stood("entries"))),
    ],
  },
  idempotent: {
    label: "idempotent",
    chip: (policy) => { const again = speed(policy, "replayed"); return { value: again ? perSecond(again) + "/s replayed" : count(level(policy, "keys")) + " keys" }; },
    condition: (policy) => speed(policy, "late", "took_over") > 0 ? "warn" : "",
    graphs: [flow("Calls", part("run", "ok", total("run")), part("replayed", "new", total("replayed")), part("refused", "warn", total("rejected")), part("took over", "bad", total("took_over", "late"))), levels("Keys", "in memory", part("keys", "alt", stood("keys")))],
  },
};
const PLAIN = { trace_span: "span", cache_evict: "evict", time_it: "timed", fallback: "fallback", cached: "cache", circuit_breaker: "breaker", rate_limit: "limit" };
const kindOf = (policy) => KINDS[policy.kind] ?? { label: words(policy.kind), chip: () => ({ value: "" }), condition: () => "", graphs: [] };
const condition = (policy) => kindOf(policy).condition(policy);
function tone(policy) {
  const says = condition(policy);
  return says || (kindOf(policy).off?.(policy) ? "off" : kindOf(policy).dot ? "ok" : "");
}
const stateWord = (policy) => isDue(policy) ? breakerWords(policy) : policy.phase ? words(policy.phase) : { bad: "in trouble", warn: "in trouble", "": "fine" }[condition(policy)];
