// The head of the page: names, the service as a whole, and a shutdown if there is one.
const tiles = {};
function makeTile(id, label, onclick) {
  const parts = { label: h("span.label", null, label), value: h("span.value"), note: h("span.note") };
  parts.root = h(onclick ? "button.tile" : "div.tile", { type: onclick ? "button" : null, onclick: onclick ?? null, id: "tile-" + id }, parts.label, parts.value, parts.note);
  tiles[id] = parts;
  return parts;
}

function makeTiles() {
  for (const [id, label, click] of [
    ["health", "Health", () => choose(null, true)],
    ["breakers", "Circuit breakers", () => filter("trouble")],
    ["calls", "Calls"], ["failed", "Failed"], ["refused", "Refused"], ["retries", "Retries"],
  ]) {
    const tile = makeTile(id, label, click);
    if (!click) {
      tile.area = svg("path", { class: { calls: "a-ok", failed: "a-bad", refused: "a-warn", retries: "a-alt" }[id], opacity: id === "calls" ? null : ".25" });
      tile.colour = { calls: "l-ok", failed: "l-bad", refused: "l-warn", retries: "l-alt" }[id];
      tile.line = svg("path", { class: "line " + tile.colour });
      tile.root.append(svg("svg", { class: "spark", viewBox: "0 0 1000 34", preserveAspectRatio: "none", "aria-hidden": "true" }, tile.area, tile.line));
    }
    $("tiles").append(tile.root);
  }
}

// What all functions did together, at each kept sample; each policy is counted once.
const known = { at: 0, all: null };
function everything() {
  if (known.at !== model.last || !known.all) Object.assign(known, { at: model.last, all: sums() });
  return known.all;
}
function sums() {
  const sources = new Set(), all = { calls: [], failed: [], refused: [], retries: [], fine: [] };
  const used = model.sites.map((site) => site.source).filter((of) => of?.policy.past && !sources.has(of.policy) && sources.add(of.policy));
  const again = model.policies.filter((policy) => policy.kind === "retry" && policy.past);
  for (let row = 0; row < model.times.length; row += 1) {
    let ok = 0, bad = 0, no = 0, retried = 0;
    for (const of of used) { ok += rates(of.policy, of.ok, row); bad += rates(of.policy, of.bad, row); no += rates(of.policy, of.no, row); }
    for (const policy of again) retried += rate(policy, policy.at.retries, row);
    all.calls.push(ok + bad + no); all.failed.push(bad); all.refused.push(no); all.retries.push(retried); all.fine.push(ok);
  }
  return all;
}

const mean = (numbers, last = 5) => { const used = numbers.slice(-last); return used.length ? used.reduce((sum, one) => sum + one, 0) / used.length : 0; };

function drawHead() {
  text($("service"), model.service);
  text($("about"), "up " + span((clockNow() - model.started) / 1000) + " · " + model.sites.length + " functions · " + model.policies.length + " policies · mainstay " + model.mainstay);
  const all = everything(), calls = mean(all.calls);
  for (const [id, numbers] of Object.entries(all)) {
    if (!tiles[id]) continue;
    const tile = tiles[id], now = mean(numbers), most = crest(numbers);
    figure(tile.value, perSecond(now), "/s");
    path(tile.area, area(numbers, numbers.map(() => 0), most, 34));
    path(tile.line, line(numbers, most, 34));
    // Nothing is no alarm.
    name(tile.line, "line " + (numbers.some((number) => number > 0) ? tile.colour : "l-dim"));
    if (id !== "calls") text(tile.note, calls && id !== "retries" ? percent(now / calls) + " of calls" : id === "retries" && calls ? percent(now / calls) + " more work" : "");
  }
  text(tiles.calls.note, "by " + model.sites.filter((site) => site.source && lately(site.source.policy, [...site.source.ok, ...site.source.bad, ...site.source.no]) > 0).length + " of " + model.sites.length + " functions");
  mark(tiles.failed, calls && mean(all.failed) / calls > 0.05 ? "warn" : "");
  text($("reach"), "Last " + (reach() < 59500 ? span(reach() / 1000) : (reach() / 60000).toFixed(reach() < 175000 && reach() > 65000 ? 1 : 0).replace(".0", "") + " min"));
  drawBreakers();
  drawHealth();
  drawBanner();
}

function figure(element, number, unit) {
  if (!element.firstElementChild) element.append(document.createTextNode(""), h("small", null, unit));
  if (element.firstChild.data !== number) element.firstChild.data = number;
}
const mark = (tile, says, extra = "") => name(tile.root, "tile" + (says ? " is-" + says : "") + extra);

function drawBreakers() {
  const breakers = model.policies.filter((policy) => policy.kind === "circuit_breaker");
  const of = (phase) => breakers.filter((policy) => policy.phase === phase).length;
  const shut = of("open") + of("forced_open"), half = of("half_open");
  figure(tiles.breakers.value, String(shut), "open");
  text(tiles.breakers.note, breakers.length ? of("closed") + " closed" + (half ? " · " + half + " half-open" : "") + (of("disabled") ? " · " + of("disabled") + " disabled" : "") : "none");
  mark(tiles.breakers, shut ? "bad" : half ? "warn" : "");
  const worst = shut || model.health?.status === "unhealthy" ? "b3261e" : half || model.health?.status === "degraded" ? "d99a2b" : "2a5db0";
  const icon = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24' fill='none' stroke='%23" + worst + "' stroke-width='2.4' stroke-linejoin='round'%3E%3Cpath d='M12 2.5v19M12 5 4.5 19.5h15z'/%3E%3C/svg%3E";
  if ($("icon").getAttribute("href") !== icon) $("icon").setAttribute("href", icon);
  const title = (shut ? "(" + shut + " open) " : "") + model.service + " · Mainstay";
  if (document.title !== title) document.title = title;
}

function drawHealth() {
  const health = model.health, tile = tiles.health;
  if (!health) { text(tile.value, "–"); return; }
  const names = Object.entries(health.checks), poor = names.filter(([, status]) => status !== "healthy");
  text(tile.value, health.status);
  name(tile.value, "value word");
  text(tile.note, poor.length ? poor.map(([check]) => check).join(", ") : !names.length ? "no checks" : names.length === 1 ? "one check" : names.length + " checks");
  mark(tile, { healthy: "ok", degraded: "warn", unhealthy: "bad" }[health.status]);
}

const STAGES = ["pre_drain", "draining", "stop", "flush", "close", "telemetry", "ended"];
function drawBanner() {
  const banner = $("banner"), shutdown = model.shutdown;
  const on = Boolean(shutdown && shutdown.stage !== "running");
  if (banner.hidden === on) banner.hidden = !on;
  if (!on) return;
  const share = Math.min(1, shutdown.since_seconds / Math.max(0.001, shutdown.limit_seconds));
  const at = STAGES.indexOf(shutdown.stage);
  const meter = h("i");
  meter.style.transform = "scaleX(" + share.toFixed(3) + ")";
  const end = fate(), heading = { null: "Shutting down: ", ended: "Ended: ", "gone during its shutdown": "Gone during its shutdown: " }[end] + shutdown.reason;
  name(banner, "banner" + (end ? end === "ended" ? " over" : " gone" : ""));
  const flight = shutdown.in_flight.map((work) => work.count + " " + work.name).join(", ");
  banner.replaceChildren(
    h("div.line", null, h("h2", null, heading), h("span", null, (end ? "last word " + span((performance.now() - heard) / 1000) + " ago, after " : "") + seconds(shutdown.since_seconds) + " of " + seconds(shutdown.limit_seconds) + (flight ? " · in flight: " + flight : ""))),
    h("div.meter" + (share > 0.8 ? ".late" : ""), null, meter),
    h("ol.steps", null, STAGES.map((stage, index) => h("li" + (index < at ? ".past" : index === at ? ".now" : ""), { "aria-current": index === at ? "step" : null }, words(stage)))),
    h("ul.handlers", null, shutdown.handlers.map((handler) => h("li", null, h("span", null, handler.name), h("span.dim", null, handler.phase), h("span" + (handler.message || handler.state === "timed_out" ? ".num.bad" : ".dim"), { title: handler.message ?? null }, words(handler.state) + (handler.took_seconds === null ? "" : " " + seconds(handler.took_seconds)))))),
  );
}
