// What is chosen, told at length; health and news where nothing is.
let chosen = null, shownPanel = null, token = "", sure = null, said = null;

function choose(what, open = what !== null) {
  chosen = what;
  sure = said = null;
  shownPanel = null;
  $("panel").classList.toggle("open", open);
  rows.forEach((row) => { if (seen.has(row)) drawRow(row); });
  drawPanel();
  if (what) $("panel").scrollTop = 0;
  if (open && matchMedia("(max-width: 1180px)").matches) $("panel").focus();
}

function close() {
  const row = chosen && rows[chosen.site?.id];
  choose(null, false);
  row?.fn.focus({ preventScroll: true });
}

const closer = () => h("button.close", { type: "button", "aria-label": "Close", onclick: close }, svg("svg", { viewBox: "0 0 12 12", "aria-hidden": "true" }, svg("path", { d: "m2 2 8 8M10 2l-8 8" })));
const section = (title, ...children) => h("section", null, title ? h("h3", null, title) : null, ...children);
const pairs = (given) => h("dl.pairs", null, given.flatMap(([key, ...rest]) => [h("dt", null, key), h("dd", null, ...rest)]));
const tidy = (file) => file.replace(/[^/]+\/\.\.\//g, "");
const place = (site) => h("button.file", { type: "button", title: "Copy " + tidy(site.file) + ":" + site.line, onclick: (event) => navigator.clipboard?.writeText(tidy(site.file) + ":" + site.line).then(() => { event.target.textContent = "copied"; setTimeout(() => { event.target.textContent = tidy(site.file) + ":" + site.line; }, 900); }, () => {}) }, breakable(tidy(site.file) + ":" + site.line));

// Where the value of an option comes from, where that is not the code.
function origin(policy, option) {
  const outside = policy.origins[option];
  if (outside) return h("span.dim", { title: "set from outside" }, " " + tidy(outside.place));
  return policy.defaults.includes(option) && option in policy.options ? h("span.dim", null, " default") : null;
}

function drawPanel() {
  const policy = chosen?.policy ?? (chosen?.layer ? model.policies[chosen.layer.policy] : null);
  if (!chosen) drawOverview();
  else if (policy) drawPolicy(policy);
  else drawSite(chosen.site);
}

function show(key, make) {
  if (shownPanel?.key === key) return shownPanel.parts;
  const parts = { live: [] };
  shownPanel = { key, parts };
  $("panel").replaceChildren(...make(parts).filter(Boolean));
  return parts;
}

function drawPolicy(policy) {
  const parts = show(policy, (parts) => {
    parts.badge = h("span.badge");
    parts.since = h("span");
    parts.numbers = policy.numbers.map((number) => [words(number), h("span"), h("small")]);
    parts.history = h("ul.news");
    parts.historySection = section("Changes", parts.history);
    return [
      h("div.head", null, h("div", null, h("h2", null, breakable(policy.name)), h("p", null, "#[" + policy.attribute + "]" + (policy.kind !== policy.attribute ? " · " + words(policy.kind) : ""))), closer()),
      h("div.standing", null, parts.badge, parts.since),
      policy.orders.length ? section(null, parts.orders = h("div")) : null,
      section(null, ...makeGraphs(parts, policy)),
      parts.historySection,
      section("Options in force", pairs(Object.entries(policy.options).map(([option, given]) => [option, h("code", null, given), origin(policy, option)]).concat(policy.unset.map((option) => [option, h("span.dim", null, "not set"), origin(policy, option)])))),
      section(policy.sites.length > 1 ? "Shared by " + policy.sites.length + " functions" : "Stands on", h("ul.places", null, policy.sites.length ? policy.sites.map((site) => h("li", null, h("button.textual.code", { type: "button", onclick: () => choose({ site }) }, site.name), place(site))) : h("li.dim", null, "made by a builder"))),
      section("Numbers", pairs(parts.numbers)),
    ];
  });
  const how = tone(policy);
  name(parts.badge, "badge" + (how ? " s-" + how : ""));
  text(parts.badge, stateWord(policy));
  const changes = model.news.filter((item) => item.policy === policy.id);
  const change = changes.findLast((item) => item.to);
  text(parts.since, change ? (isDue(policy) ? "opened " : "for ") + span((clockNow() - change.at) / 1000) + (isDue(policy) ? " ago" : "") : policy.phase === "closed" ? "since the start" : "");
  policy.numbers.forEach((number, at) => {
    text(parts.numbers[at][1], policy.sorts[at] === "c" ? count(policy.now[at]) : String(Math.round(policy.now[at] * 100) / 100));
    const now = policy.sorts[at] === "c" ? lately(policy, [at]) : 0;
    text(parts.numbers[at][2], now ? perSecond(now) + "/s" : "");
  });
  if (parts.orders) drawOrders(parts, policy);
  parts.historySection.hidden = !changes.length;
  drawNews(parts.history, changes, false);
  parts.live.forEach((draw) => draw());
}

function drawSite(site) {
  const parts = show(site, (parts) => {
    const layers = site.stack.map((layer) => h("button" + (chosen.layer === layer ? ".on" : ""), { type: "button", onclick: () => choose({ site, layer }) }, "#[" + layer.attribute + (layer.written ? "(" + layer.written + ")" : "") + "]"));
    return [
      h("div.head", null, h("div", null, h("h2", null, breakable(site.name)), h("p", null, breakable(site.module))), closer()),
      h("div.standing", null, place(site)),
      section("As it is written, outermost first", h("div.written", null, ...layers, "fn " + site.name + "(…)")),
      ...site.source ? [section(null, ...makeGraphs(parts, site.source.policy))] : [],
      site.meter ? null : h("p.hint", null, "Durations are known of functions with ", h("code", null, "#[metered]"), "."),
    ];
  });
  parts.live.forEach((draw) => draw());
}

function drawOverview() {
  const parts = show("overview", (parts) => {
    parts.checks = h("ul.checks");
    parts.news = h("ul.news");
    const of = (id) => (_, row) => everything()[id][row] ?? 0;
    const all = flow("All calls", part("ok", "ok", of("fine")), part("refused", "warn", of("refused")), part("failed", "bad", of("failed")));
    return [
      h("div.head", null, h("h2.plain", null, "Now"), matchMedia("(max-width: 1180px)").matches ? closer() : null),
      section("Health", parts.checks), section(null, makeGraph(parts, null, all)), section("Lately", parts.news),
    ];
  });
  const told = JSON.stringify(model.health?.details ?? null) + model.health?.status;
  if (parts.told !== told) {
    parts.told = told;
    const checks = Object.entries(model.health?.checks ?? {});
    parts.checks.replaceChildren(...checks.map(([check, status]) => {
      const more = model.health.details?.[check] ?? {};
      return h("li", null, h("span", null, h("i.dot." + status, { "aria-hidden": "true" }), h("span.code", null, check), h("span.sr", null, " " + status), more.reason ? h("span.why", null, more.reason) : null), h("span.took", { title: "asked for " + (more.probes ?? []).join(", ") }, more.duration_ms ? seconds(more.duration_ms / 1000) : ""));
    }), ...checks.length ? [] : [h("li.dim", null, "No checks: add them with #[health_check].")]);
  }
  drawNews(parts.news, model.news, true);
  parts.live.forEach((draw) => draw());
}

function drawNews(list, items, named) {
  const key = items.length ? items[items.length - 1].n + "/" + items.length : "none";
  if (list.dataset.key === key) return;
  list.dataset.key = key;
  list.replaceChildren(...items.slice(-40).reverse().map((item) => h("li", null,
    h("span", null, named ? h("button.textual.code", { type: "button", onclick: () => choose({ policy: model.policies[item.policy] }) }, model.policies[item.policy]?.name ?? "?") : null, named ? " " : null,
      item.to ? h("span.to-" + item.to, null, words(item.to)) : item.option ? h("span", { title: item.origin }, words(item.option) + " " + item.new) : words(item.order) + " by " + item.by, item.option ? h("span.dim", null, " from " + item.old) : null, item.to ? h("span.dim", null, " from " + words(item.from)) : null),
    h("time", { datetime: new Date(item.at).toISOString() }, hour(item.at)))),
  ...items.length ? [] : [h("li.dim", null, "No breaker has changed its state.")]);
}

function drawOrders(parts, policy) {
  const key = [model.may, policy.phase, sure, said?.words].join();
  if (parts.ordersKey === key) return;
  parts.ordersKey = key;
  const useful = { force_open: policy.phase !== "forced_open", close: policy.phase !== "closed", disable: policy.phase !== "disabled", observe_only: policy.phase !== "observe_only", enable: ["forced_open", "disabled", "observe_only"].includes(policy.phase), reset: true };
  const button = (order) => h("button" + (order === "force_open" ? ".strong" : "") + (sure === order ? ".sure" : ""), {
    type: "button", disabled: model.may === "read" || !useful[order], onclick: () => give(parts, policy, order),
  }, sure === order ? "really " + words(order) + "?" : words(order));
  const kept = parts.orders.querySelector("input");
  const field = model.may === "with_token" ? kept ?? h("input", { type: "password", placeholder: "token", "aria-label": "Token", autocomplete: "off", oninput: (event) => { token = event.target.value; } }) : null;
  if (field && !kept) field.value = token;
  const hadFocus = field && document.activeElement === field;
  parts.orders.replaceChildren(...[
    h("div.orders", null, field, policy.orders.map(button)),
    model.may === "read" ? h("p.said", null, "Read-only from here: set MAINSTAY_OPS_TOKEN to give orders.") : null,
    said ? h("p.said" + (said.bad ? ".is-bad" : ""), { role: "status" }, said.words) : null,
  ].filter(Boolean));
  if (hadFocus) field.focus();
}

// Orders are asked for twice.
async function give(parts, policy, order) {
  if (sure !== order) {
    sure = order;
    drawOrders(parts, policy);
    setTimeout(() => { if (sure === order) { sure = null; if (shownPanel?.key === policy) drawOrders(parts, policy); } }, 4000);
    parts.orders.querySelector(".sure")?.focus();
    return;
  }
  sure = null;
  const headers = model.may === "with_token" ? { authorization: "Bearer " + token } : { "x-mainstay-ops": "1" };
  const target = ["/policies", policy.kind, policy.name, order].map((part, at) => at ? encodeURIComponent(part) : part).join("/");
  try {
    const answer = await fetch(target, { method: "POST", headers });
    said = answer.ok ? { words: "done: " + words(order) } : { words: (await answer.text()).trim(), bad: true };
  } catch {
    said = { words: "the server cannot be reached", bad: true };
  }
  if (shownPanel?.key === policy) drawOrders(parts, policy);
}
