// What is known: sites, policies, and their numbers over the last samples.
const KEEPS = 180;
const model = {
  service: "", mainstay: "", started: 0, every: 1000, may: "read", skew: 0,
  sites: [], policies: [], news: [], health: null, shutdown: null,
  // When each kept sample was taken, the oldest first.
  times: [], last: 0,
};

function reset(start) {
  Object.assign(model, {
    service: start.service, mainstay: start.mainstay, started: start.started, every: start.every, may: start.may,
    skew: Date.now() - start.now, sites: [], policies: [], news: start.news, times: [], health: null, shutdown: null,
  });
  extend(start);
}

// An option was set from outside, or put back to what the code says.
function steered(item) {
  const policy = model.policies[item.policy];
  if (!policy || !item.option) return;
  policy.origins[item.option] = item.origin === "code" ? undefined : { value: item.new, place: item.origin };
  policy.unset = policy.unset.filter((option) => option !== item.option);
  if (item.origin !== "code") policy.defaults = policy.defaults.filter((option) => option !== item.option);
  if (item.option === "enabled" ? item.origin === "code" : item.new === "none") delete policy.options[item.option];
  else policy.options[item.option] = item.new;
  if (item.option !== "enabled" && item.new === "none") policy.unset.push(item.option);
  if (shownPanel?.key === policy) shownPanel = null;
}

function extend(more) {
  for (const policy of more.policies) {
    const width = policy.numbers.length + (policy.bounds ? policy.bounds.length + 2 : 0);
    const at = {};
    policy.numbers.forEach((name, index) => { at[name] = index; });
    model.policies.push(Object.assign(policy, {
      id: model.policies.length, width, at, phase: null, now: new Float64Array(width),
      // Rows of `width` values, one for each kept sample; made when there is something to keep.
      past: null, options: policy.options || {}, origins: policy.origins || {}, unset: policy.unset || [],
      defaults: policy.defaults || [],
    }));
    if (policy.origins.enabled) policy.options.enabled = policy.origins.enabled.value;
  }
  for (const site of more.sites) {
    const cut = site.path.lastIndexOf("::");
    model.sites.push(Object.assign(site, {
      id: model.sites.length, name: site.path.slice(cut + 2), module: cut < 0 ? "" : site.path.slice(0, cut),
      source: source(site), meter: null,
    }));
  }
  // What all modules begin with says nothing.
  const modules = model.sites.map((site) => site.module.split("::"));
  let same = 0;
  while (modules.length > 1 && modules.every((module) => module.length > same + 1 && module[same] === modules[0][same])) same += 1;
  model.sites.forEach((site, at) => { site.short = modules[at].slice(same).join("::"); });
  for (const policy of model.policies) policy.sites = [];
  for (const site of model.sites) {
    for (const layer of site.stack) {
      const policy = model.policies[layer.policy];
      if (policy && !policy.sites.includes(site)) policy.sites.push(site);
      if (policy && policy.kind === "metered") site.meter = policy;
    }
    site.source = source(site);
    site.text = (site.path + " " + site.file + ":" + site.line + " " +
      site.stack.map((layer) => layer.attribute + " " + (model.policies[layer.policy]?.name ?? "")).join(" ")).toLowerCase();
  }
}

// Which numbers tell a function's calls: those of the layer that sees the most of them.
const FLOWS = {
  metered: { ok: ["ok"], bad: ["error", "timeout", "panic"], no: ["rejected"] },
  idempotent: { ok: ["run", "replayed"], bad: [], no: ["rejected"] },
  cached: { ok: ["hit", "miss", "stale"], bad: ["load_failures"], no: [] },
  circuit_breaker: { ok: ["success", "ignored"], bad: ["failure"], no: ["rejected"] },
  rate_limit: { ok: ["permitted"], bad: [], no: ["rejected"] },
  keyed_rate_limit: { ok: ["permitted"], bad: [], no: ["rejected"] },
  shared_rate_limit: { ok: ["permitted"], bad: [], no: ["rejected"] },
  bulkhead: { ok: ["permitted"], bad: [], no: ["rejected"] },
  adaptive_limit: { ok: ["permitted"], bad: [], no: ["rejected"] },
  throttle: { ok: ["accepted"], bad: ["rejected"], no: ["throttled"] },
};

function source(site) {
  for (const kind of Object.keys(FLOWS)) {
    const layer = site.stack.find((layer) => model.policies[layer.policy]?.kind === kind);
    if (!layer) continue;
    const policy = model.policies[layer.policy];
    const find = (names) => names.map((name) => policy.at[name]);
    return { policy, ok: find(FLOWS[kind].ok), bad: find(FLOWS[kind].bad), no: find(FLOWS[kind].no) };
  }
  return null;
}

function take(sample) {
  for (const [id, ...pairs] of sample.v) {
    const policy = model.policies[id];
    if (!policy) continue;
    if (!policy.past) {
      policy.past = new Float64Array(policy.width * KEEPS);
      // Before the first change it was as it was then: nothing had been counted.
    }
    for (let at = 0; at < pairs.length; at += 2) policy.now[pairs[at]] = pairs[at + 1];
  }
  for (const [id, phase] of sample.s) if (model.policies[id]) model.policies[id].phase = phase;
  const full = model.times.length >= KEEPS;
  if (full) model.times.shift();
  model.times.push(sample.t);
  const row = model.times.length - 1;
  for (const policy of model.policies) {
    if (!policy.past) continue;
    if (full) policy.past.copyWithin(0, policy.width);
    policy.past.set(policy.now, row * policy.width);
  }
  model.last = sample.t;
}

// A number of a policy at a kept sample.
const value = (policy, number, row) => policy.past ? policy.past[row * policy.width + number] : 0;

// How much a total grew each second up to a kept sample. A total that was set back starts anew. The first sample tells nothing.
function rate(policy, number, row) {
  if (row < 1 || !policy.past) return 0;
  const seconds = (model.times[row] - model.times[row - 1]) / 1000;
  const grown = value(policy, number, row) - value(policy, number, row - 1);
  return seconds > 0 && grown > 0 ? grown / seconds : 0;
}

const rates = (policy, numbers, row) => numbers.reduce((sum, number) => sum + rate(policy, number, row), 0);

// The same over the last few seconds, for numbers that are read.
function lately(policy, numbers, seconds = 5) {
  const to = model.times.length - 1;
  if (to < 1 || !policy?.past) return 0;
  let from = to;
  while (from > 0 && model.times[to] - model.times[from - 1] <= seconds * 1000 + 250) from -= 1;
  if (from === to) from = to - 1;
  let grown = 0;
  for (let row = from + 1; row <= to; row += 1) {
    for (const number of numbers) grown += Math.max(0, value(policy, number, row) - value(policy, number, row - 1));
  }
  return grown * 1000 / Math.max(1, model.times[to] - model.times[from]);
}

// Seconds below which so large a share of the calls up to a sample lay; null where there were none. Where within the lowest
// bucket nobody knows, so it is that bucket's bound; beyond the last bound it is Infinity.
function quantile(policy, shares, row, rows) {
  const first = policy.numbers.length, from = Math.max(0, row - rows);
  const counts = [];
  let all = 0;
  for (let at = 0; at <= policy.bounds.length; at += 1) {
    const grown = Math.max(0, value(policy, first + at, row) - value(policy, first + at, from));
    counts.push(grown);
    all += grown;
  }
  if (!all || row <= from || !policy.bounds.length) return null;
  return shares.map((share) => {
    let left = share * all;
    for (let at = 0; at < counts.length; at += 1) {
      if (left <= counts[at] && counts[at]) {
        if (at === 0) return policy.bounds[0];
        if (at === policy.bounds.length) return Infinity;
        const low = policy.bounds[at - 1];
        return low + (policy.bounds[at] - low) * left / counts[at];
      }
      left -= counts[at];
    }
    return Infinity;
  });
}

// What the layers of a site say of it: "bad", "warn" or "".
function trouble(site) {
  let worst = "";
  for (const layer of site.stack) {
    const policy = model.policies[layer.policy];
    const says = policy ? condition(policy) : "";
    if (says === "bad") return "bad";
    if (says === "warn") worst = "warn";
  }
  return worst;
}

const clockNow = () => Date.now() - model.skew;
