// Search, theme, keys, and the beat in which the page is drawn.
let due = false, beats = 0;
function changed() {
  if (due) return;
  due = true;
  requestAnimationFrame(() => { due = false; draw(); });
}

function draw() {
  beats += 1;
  drawHead();
  if (beats % 2 === 1) countFilters();
  if (view.filter !== "all") sift();
  if (view.sort !== "source" && view.sort !== "name" && beats % 3 === 1) sortRows();
  seen.forEach(drawRow);
  drawPanel();
  linked();
  document.body.dataset.beats = beats;
}

function built() {
  makeRows();
  // What was chosen is found again after the connection was lost; numbers may have changed.
  if (chosen) {
    const again = model.sites.find((site) => site.path === chosen.site?.path && site.line === chosen.site?.line);
    const layer = again && chosen.layer ? again.stack[chosen.site.stack.indexOf(chosen.layer)] : undefined;
    choose(again ? { site: again, layer } : null, $("panel").classList.contains("open"));
  } else shownPanel = null;
  changed();
}

$("search").addEventListener("input", (event) => { view.wanted = event.target.value; sift(); });
$("sort").addEventListener("change", (event) => { view.sort = event.target.value; sortRows(); });
$("clear").addEventListener("click", () => { $("search").value = view.wanted = ""; filter("all"); });

const stops = (row) => [row.fn, ...row.chips.map((chip) => chip.root)];
function moveTo(row, at) {
  if (!row) return;
  document.querySelectorAll("#list [tabindex='0']").forEach((other) => { other.tabIndex = -1; });
  const all = stops(row), target = all[Math.max(0, Math.min(at, all.length - 1))];
  target.tabIndex = 0;
  target.focus();
  row.root.scrollIntoView({ block: "nearest" });
}

$("list").addEventListener("keydown", (event) => {
  const here = event.target.closest(".row");
  const shown = [...$("list").children].filter((row) => !row.hidden);
  if (!shown.length) return;
  const row = here && rows[here.dataset.site], at = row ? stops(row).indexOf(event.target) : 0;
  const step = (by) => { const to = here ? shown[shown.indexOf(here) + by] : shown[0]; if (to) moveTo(rows[to.dataset.site], at); };
  const ways = { ArrowDown: () => step(1), ArrowUp: () => step(-1), ArrowRight: () => row && moveTo(row, at + 1), ArrowLeft: () => row && moveTo(row, at - 1), PageDown: () => step(Math.min(10, shown.length - 1 - shown.indexOf(here))), PageUp: () => step(-Math.min(10, shown.indexOf(here))), Home: () => moveTo(rows[shown[0].dataset.site], 0), End: () => moveTo(rows[shown[shown.length - 1].dataset.site], 0) };
  if (ways[event.key] && !event.ctrlKey && !event.metaKey && !event.altKey) { event.preventDefault(); ways[event.key](); }
});
$("list").addEventListener("focusin", (event) => {
  if (event.target.tabIndex === -1 && event.target !== $("list")) {
    document.querySelectorAll("#list [tabindex='0']").forEach((other) => { other.tabIndex = -1; });
    event.target.tabIndex = 0;
  }
});

document.addEventListener("keydown", (event) => {
  const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
  if (event.key === "/" && !typing) { event.preventDefault(); $("search").focus(); $("search").select(); }
  if (event.key === "Escape") {
    if (event.target === $("search")) {
      if (view.wanted) { $("search").value = view.wanted = ""; sift(); } else $("search").blur();
    } else if ($("panel").classList.contains("open")) close();
  }
  if (event.key === "ArrowDown" && event.target === $("search")) { event.preventDefault(); const first = [...$("list").children].find((row) => !row.hidden); if (first) moveTo(rows[first.dataset.site], 0); }
});

// Light, dark, or as the system says.
const THEMES = ["system", "light", "dark"];
const system = matchMedia("(prefers-color-scheme: dark)");
function stored(set) {
  try {
    if (set) localStorage.setItem("mainstay-theme", set);
    return localStorage.getItem("mainstay-theme");
  } catch { return set ?? null; }
}
let theme = THEMES.includes(stored()) ? stored() : "system";
function dressPage() {
  document.documentElement.dataset.theme = theme === "system" ? system.matches ? "dark" : "light" : theme;
  text($("theme").lastElementChild, theme);
  $("theme").setAttribute("aria-label", "Colours: " + theme);
}
$("theme").addEventListener("click", () => { theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length]; stored(theme); dressPage(); });
system.addEventListener("change", dressPage);

dressPage();
makeTiles();
makeFilters();
connect();
