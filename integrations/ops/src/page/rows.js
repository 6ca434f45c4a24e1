// One row for each function. All rows are there; those that are in sight are kept up to date.
const rows = [];
const seen = new Set();
const sight = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    const row = rows[target.dataset.site];
    if (isIntersecting) { seen.add(row); drawRow(row); } else seen.delete(row);
  }
}, { rootMargin: "200px", scrollMargin: "200px" });
const view = { filter: "all", wanted: "", sort: "source" };

function makeRow(site) {
  const parts = { site, chips: [] };
  parts.fn = h("button.fn", { type: "button", tabindex: -1, title: site.path + "\n" + site.file + ":" + site.line, onclick: () => choose({ site }) },
    h("b", null, site.name), h("span.where", null, site.short ? h("span", null, site.short) : null, h("span", null, site.file.split("/").pop() + ":" + site.line)));
  parts.stack = h("div.stack", null, site.stack.map((layer) => makeChip(parts, layer)));
  parts.calls = h("span.num.big.calls");
  parts.okay = h("span.num.okay");
  parts.late = h("span.num.late");
  parts.spark = makeSpark();
  parts.root = h("li.row", { "data-site": site.id }, parts.fn, parts.stack, parts.calls, parts.okay, parts.late, parts.spark.root);
  return parts;
}

function makeChip(row, layer) {
  const policy = model.policies[layer.policy];
  const chip = { layer, policy, words: document.createTextNode(""), value: h("b") };
  const kind = policy && kindOf(policy);
  chip.words.data = policy ? kind.label : PLAIN[layer.attribute] ?? words(layer.attribute);
  chip.dot = kind?.dot ? h("i.dot") : null;
  chip.bar = h("i");
  chip.fill = policy && "fill" in kind.chip(policy) ? h("span.fill", null, chip.bar) : null;
  chip.root = h("button.chip" + (policy ? "" : ".plain"), {
    type: "button", tabindex: -1, title: "#[" + layer.attribute + (layer.written ? "(" + layer.written + ")" : "") + "]",
    onclick: () => choose({ site: row.site, layer }),
  }, chip.dot, chip.words, chip.fill, policy ? chip.value : null);
  row.chips.push(chip);
  return chip.root;
}

function drawChip(chip) {
  if (!chip.policy) { name(chip.root, "chip plain" + (chosen?.layer === chip.layer ? " chosen" : "")); return; }
  const says = kindOf(chip.policy).chip(chip.policy), how = tone(chip.policy);
  text(chip.value, says.value ?? "");
  if (chip.value.hidden === Boolean(says.value)) chip.value.hidden = !says.value;
  if (chip.fill) chip.bar.style.transform = "scaleX(" + Math.min(1, Math.max(0, says.fill || 0)).toFixed(2) + ")";
  name(chip.root, "chip" + (how ? " s-" + how : "") + (chosen?.layer === chip.layer ? " chosen" : ""));
}

function drawRow(row) {
  const { site } = row, of = site.source;
  row.chips.forEach(drawChip);
  const says = trouble(site);
  name(row.root, "row" + (says ? " is-" + says : "") + (chosen?.site === site ? " chosen" : "") + (of?.policy.past ? "" : " idle"));
  if (!of) { text(row.calls, "–"); name(row.calls, "num calls zero"); return; }
  const ok = lately(of.policy, of.ok), bad = lately(of.policy, of.bad), no = lately(of.policy, of.no), all = ok + bad + no;
  text(row.calls, perSecond(all));
  name(row.calls, "num big calls" + (all ? "" : " zero"));
  const share = all ? ok / all : 1;
  text(row.okay, all ? percent(share) : "");
  name(row.okay, "num okay" + (share < 0.5 ? " bad" : share < 0.95 ? " warn" : ""));
  const found = site.meter?.past ? quantile(site.meter, [0.5, 0.99], model.times.length - 1, 10) : null;
  text(row.late, found ? both(bounded(site.meter, found[0]), bounded(site.meter, found[1])) : "");
  drawSpark(row.spark, of.policy.past ? each((at) => [rates(of.policy, of.ok, at), rates(of.policy, of.no, at), rates(of.policy, of.bad, at)]) : []);
}

const FILTERS = [
  ["all", "All", () => true],
  ["trouble", "In trouble", (site) => trouble(site) !== ""],
  ["open", "Not closed", (site) => site.stack.some((layer) => { const phase = model.policies[layer.policy]?.phase; return phase && phase !== "closed"; })],
  ["busy", "Busy", (site) => site.source && lately(site.source.policy, [...site.source.ok, ...site.source.bad, ...site.source.no]) > 0],
];
const chips = {};
function makeFilters() {
  for (const [id, label] of FILTERS) {
    const n = h("span.n");
    chips[id] = { n, root: h("button", { type: "button", "aria-pressed": String(id === "all"), onclick: () => filter(id) }, label, n) };
    $("filters").append(chips[id].root);
  }
}
function filter(id) {
  view.filter = id;
  for (const [other, { root }] of Object.entries(chips)) root.setAttribute("aria-pressed", String(other === id));
  sift();
}

// Shows the rows that fit what is looked for.
function sift() {
  const fits = FILTERS.find(([id]) => id === view.filter)[2];
  const wanted = view.wanted.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const row of rows) {
    const fit = wanted.every((word) => row.site.text.includes(word)) && fits(row.site);
    if (row.root.hidden === fit) row.root.hidden = !fit;
    shown += fit ? 1 : 0;
  }
  $("none").hidden = shown > 0 || !rows.length;
}

function countFilters() {
  for (const [id, , fits] of FILTERS) {
    let n = 0;
    for (const row of rows) n += fits(row.site) ? 1 : 0;
    text(chips[id].n, String(n));
  }
}

const SORTS = {
  source: (a, b) => a.site.id - b.site.id,
  name: (a, b) => a.site.path.localeCompare(b.site.path),
  calls: (a, b) => b.busy - a.busy,
  trouble: (a, b) => b.ill - a.ill || b.busy - a.busy,
  slow: (a, b) => b.lag - a.lag,
};
function sortRows() {
  const at = model.times.length - 1;
  for (const row of rows) {
    const { source: of, meter } = row.site;
    row.busy = of ? lately(of.policy, [...of.ok, ...of.bad, ...of.no]) : 0;
    row.ill = { bad: 1e9, warn: 1e6, "": 0 }[trouble(row.site)] + (of ? lately(of.policy, [...of.bad, ...of.no]) : 0);
    row.lag = meter?.past ? Math.min(quantile(meter, [0.99], at, 10)?.[0] ?? 0, 1e9) : 0;
  }
  const sorted = [...rows].sort(SORTS[view.sort]);
  const list = $("list");
  if (sorted.some((row, index) => list.children[index] !== row.root)) {
    const focused = document.activeElement;
    list.append(...sorted.map((row) => row.root));
    if (list.contains(focused)) focused.focus({ preventScroll: true });
  }
}

function makeRows() {
  sight.disconnect();
  seen.clear();
  rows.length = 0;
  for (const site of model.sites) rows.push(makeRow(site));
  $("list").replaceChildren(...rows.map((row) => row.root));
  rows.forEach((row) => sight.observe(row.root));
  if (rows[0]) rows[0].fn.tabIndex = 0;
  sift();
}
