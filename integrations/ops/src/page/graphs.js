// The large graphs of the panel, which tell their figures under the pointer.
function makeGraphs(parts, policy) {
  const made = kindOf(policy).graphs.map((graph) => makeGraph(parts, policy, graph));
  if (kindOf(policy).band) made[0]?.append(makeBand(parts, policy));
  return made;
}

function makeGraph(parts, policy, graph) {
  const height = 84;
  const lines = graph.series.map(({ tone }) => ({ area: svg("path", { class: "a-" + tone }), line: svg("path", { class: "line l-" + tone }) }));
  const cross = svg("line", { class: "cross", y1: 0, y2: height, visibility: "hidden" });
  const drawing = svg("svg", { viewBox: "0 0 1000 84", preserveAspectRatio: "none", role: "img", "aria-label": graph.title },
    graph.stacked ? lines.map((one) => one.area) : null, graph.stacked ? lines[0].line : [...lines].reverse().map((one) => one.line), cross);
  const top = h("span"), figures = graph.series.map(() => h("b"));
  const legend = h("ul.legend", null, graph.series.map(({ name, tone }, at) => h("li", null, h("i.b-" + tone), name, figures[at])));
  const root = h("div.graph", null, h("header", null, h("b", null, graph.title), top), drawing, legend);
  let pointed = null;
  const draw = () => {
    const numbers = graph.series.map(({ of }) => each((row) => of(policy, row)));
    const stacks = [];
    numbers.forEach((series, at) => stacks.push(graph.stacked && at ? series.map((number, row) => number + stacks[at - 1][row]) : series));
    const highest = Math.max(0, ...stacks.flatMap((series) => series.filter((number) => number !== null)));
    const most = ceiling(highest * 1.04);
    text(top, graph.format(most) + (graph.format === seconds ? " · " : " ") + graph.unit);
    lines.forEach((one, at) => {
      if (graph.stacked) path(one.area, area(stacks[at], at ? stacks[at - 1] : stacks[at].map(() => 0), most, height));
      if (!graph.stacked || at === 0) path(one.line, stacks[at].some((number) => number > 0) ? line(stacks[at], most, height) : "");
    });
    const row = pointed === null ? model.times.length - 1 : nearest(pointed);
    numbers.forEach((series, at) => {
      const now = pointed === null && graph.stacked ? mean(series, 5) : series[row];
      const known = now !== null && now !== undefined;
      text(figures[at], !known ? "–" : graph.series[at].tell ? graph.series[at].tell(policy, row) : graph.format(now));
    });
    cross.setAttribute("visibility", pointed === null ? "hidden" : "visible");
    if (pointed !== null && row >= 0) {
      cross.setAttribute("x1", across(row));
      cross.setAttribute("x2", across(row));
      text(top, hour(model.times[row]));
    }
  };
  drawing.addEventListener("pointermove", (event) => {
    const box = drawing.getBoundingClientRect();
    pointed = (event.clientX - box.left) / box.width * WIDTH;
    draw();
  });
  drawing.addEventListener("pointerleave", () => { pointed = null; draw(); });
  parts.live.push(draw);
  return root;
}

function nearest(x) {
  let best = 0;
  for (let row = 1; row < model.times.length; row += 1) if (Math.abs(across(row) - x) < Math.abs(across(best) - x)) best = row;
  return best;
}

// The states of a breaker over the same time.
function makeBand(parts, policy) {
  const band = svg("svg", { class: "band", viewBox: "0 0 1000 12", preserveAspectRatio: "none", role: "img", "aria-label": "States" });
  parts.live.push(() => {
    const to = model.last, from = to - reach();
    const changes = model.news.filter((item) => item.policy === policy.id && item.to);
    let state = changes.length ? changes[0].from : policy.phase ?? "closed", at = Math.max(from, model.started);
    const spells = [];
    for (const change of changes) {
      if (change.at > at) { spells.push([at, change.at, state]); at = change.at; }
      state = change.to;
    }
    spells.push([at, to, state]);
    const x = (time) => Math.max(0, (time - from) / (to - from) * WIDTH);
    const key = spells.map(([start, end, kind]) => Math.round(x(start)) + kind + Math.round(x(end))).join();
    if (parts.bandKey === key) return;
    parts.bandKey = key;
    band.replaceChildren(...spells.map(([start, end, kind]) => svg("rect", { class: kind, x: round(x(start)), y: 0, width: Math.max(2, round(x(end) - x(start))), height: 12 })));
  });
  return band;
}
