// Elements, figures in words, and lines of graphs.
const $ = (id) => document.getElementById(id);

// h("p.dim", { title: "…" }, "text", child)
function h(what, props, ...children) {
  const [tag, ...classes] = what.split(".");
  const made = document.createElement(tag || "div");
  if (classes.length) made.className = classes.join(" ");
  return dress(made, props, children);
}

function svg(tag, props, ...children) {
  return dress(document.createElementNS("http://www.w3.org/2000/svg", tag), props, children);
}

function dress(made, props, children) {
  for (const [name, given] of Object.entries(props || {})) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), given);
    else if (given !== null && given !== undefined && given !== false) made.setAttribute(name, given === true ? "" : given);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return made;
}

// Touches the page only where something changed.
function text(element, words) {
  if (element.textContent !== words) element.textContent = words;
}
function name(element, words) {
  if (element.getAttribute("class") !== words) element.setAttribute("class", words);
}
function path(element, d) {
  if (element.getAttribute("d") !== d) element.setAttribute("d", d);
}

// A path that may be broken where it is put together.
const breakable = (words) => words.split(/(?<=::|@|\/|_)/).flatMap((part, at) => at ? [document.createElement("wbr"), part] : [part]);

function count(number) {
  if (number < 10000) return number.toLocaleString("en", { maximumFractionDigits: 0 });
  if (number < 1e6) return (number / 1e3).toFixed(number < 1e5 ? 1 : 0) + " k";
  if (number < 1e9) return (number / 1e6).toFixed(number < 1e7 ? 2 : 1) + " M";
  return (number / 1e9).toFixed(2) + " G";
}
function perSecond(number) {
  if (number === 0) return "0";
  if (number < 0.095) return "<0.1";
  if (number < 9.95) return number.toFixed(1);
  return count(Math.round(number));
}
function seconds(number) {
  if (number === null || number === undefined) return "–";
  if (number < 0.001) return (number * 1e6).toFixed(0) + " µs";
  if (number < 0.00995) return (number * 1e3).toFixed(1) + " ms";
  if (number < 0.9995) return (number * 1e3).toFixed(0) + " ms";
  return number < 9.95 ? number.toFixed(1) + " s" : number.toFixed(0) + " s";
}
// A quantile: in the lowest bucket and beyond the last one only a bound is known.
function bounded(policy, found) {
  const least = policy.bounds[0], most = policy.bounds[policy.bounds.length - 1];
  const bound = (sign, number) => sign + " " + seconds(number).replace(".0 ", " ");
  return found === null ? "–" : found <= least ? bound("<", least) : found > most ? bound(">", most) : seconds(found);
}
// Two durations, whose unit is said once where it is the same, and which are said once where only the same bound is known.
function both(a, b) {
  if (a === b && /^[<>]/.test(a)) return a;
  const unit = b.slice(b.lastIndexOf(" "));
  return (a.endsWith(unit) ? a.slice(0, -unit.length) : a) + " · " + b;
}
function percent(share) {
  if (share === 0) return "0 %";
  if (share >= 1) return "100 %";
  if (share > 0.9995) return ">99.9 %";
  return (share * 100).toFixed(share > 0.99 ? 2 : 1) + " %";
}
// How long something lasts.
function span(given) {
  const whole = Math.max(0, Math.round(given));
  const parts = [[86400, "d"], [3600, "h"], [60, "min"], [1, "s"]];
  const first = parts.findIndex(([size]) => whole >= size);
  if (first < 0) return "0 s";
  const [size, unit] = parts[first];
  const rest = parts[first + 1];
  const more = rest && first < 3 ? Math.floor((whole % size) / rest[0]) : 0;
  return Math.floor(whole / size) + " " + unit + (more ? " " + more + " " + rest[1] : "");
}
const hour = (at) => new Date(at + model.skew).toLocaleTimeString("en-GB");
const words = (snake) => snake.replaceAll("_", " ");

// A round number not below the given one.
function ceiling(number) {
  if (!(number > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(number));
  return [1, 2, 2.5, 5, 10].map((step) => step * power).find((step) => step >= number * 0.999) ?? number;
}

// The places of kept samples from left to right: the whole width is what is known, half a minute at least.
const WIDTH = 1000;
const reach = () => Math.max(30 * model.every, model.times.length > 2 ? model.last - model.times[1] : 0);
function across(row) {
  return WIDTH - (model.last - model.times[row]) / reach() * WIDTH;
}
const round = (number) => Math.round(number * 10) / 10;

// The height of a small graph, in which one moment far above all others is cut off.
function crest(heights) {
  const sorted = heights.slice(1).sort((a, b) => a - b);
  const most = sorted[sorted.length - 1] ?? 0, usual = sorted[Math.floor(sorted.length * 0.96)] ?? 0;
  return Math.max(1, usual > 0 && most > 1.6 * usual ? 1.3 * usual : most * 1.08);
}

// The area between two series of heights, one for each kept sample.
function area(tops, bottoms, most, height) {
  const down = [], up = [];
  for (let row = 1; row < tops.length; row += 1) {
    const x = round(across(row));
    if (x < -1) continue;
    down.push(x + " " + round(height - Math.min(1, tops[row] / most) * height));
    up.unshift(x + " " + round(height - Math.min(1, bottoms[row] / most) * height));
  }
  return down.length ? "M" + down.join("L") + "L" + up.join("L") + "Z" : "";
}
function line(heights, most, height) {
  let d = "", gap = true;
  for (let row = 1; row < heights.length; row += 1) {
    const x = round(across(row));
    if (x < -1 || heights[row] === null) { gap = true; continue; }
    d += (gap ? "M" : "L") + x + " " + round(height - 0.75 - Math.min(1, heights[row] / most) * (height - 1.5));
    gap = false;
  }
  return d;
}
const each = (of) => Array.from({ length: model.times.length }, (_, row) => of(row));

// Calls, and above them what was refused and what failed.
function makeSpark() {
  const parts = { ok: svg("path", { class: "a-ok" }), no: svg("path", { class: "a-warn" }), bad: svg("path", { class: "a-bad" }), top: svg("path", { class: "line l-ok" }) };
  parts.root = svg("svg", { class: "spark", viewBox: "0 0 1000 30", preserveAspectRatio: "none", "aria-hidden": "true" }, parts.ok, parts.no, parts.bad, parts.top);
  return parts;
}
function drawSpark(parts, flows) {
  const ok = flows.map((flow) => flow[0]), no = flows.map((flow) => flow[0] + flow[1]), bad = flows.map((flow) => flow[0] + flow[1] + flow[2]);
  const most = crest(bad);
  path(parts.ok, area(ok, ok.map(() => 0), most, 30));
  path(parts.top, line(ok, most, 30));
  path(parts.no, no.some((sum, row) => sum > ok[row]) ? area(no, ok, most, 30) : "");
  path(parts.bad, bad.some((sum, row) => sum > no[row]) ? area(bad, no, most, 30) : "");
}
