// The server's events. The browser connects again by itself; a page that nobody sees is not kept up to date.
const ways = {
  start: (data) => { reset(data); built(); },
  past: (data) => { data.forEach(take); changed(); },
  more: (data) => { extend(data); built(); },
  sample: (data) => { take(data); changed(); },
  news: (data) => { model.news = model.news.concat(data).slice(-256); data.forEach(steered); },
  health: (data) => { model.health = data; },
  shutdown: (data) => { model.shutdown = data; },
};
// How often the connection was lost or refused since the last word.
let events = null, heard = 0, failures = 0;

function connect() {
  if (events) return;
  events = new EventSource("/events");
  for (const [name, way] of Object.entries(ways)) {
    events.addEventListener(name, (event) => { heard = performance.now(); failures = 0; way(JSON.parse(event.data)); });
  }
  events.onerror = () => {
    failures += 1;
    linked();
    // An answer that is no stream, such as 503, ends it for good.
    if (events?.readyState === EventSource.CLOSED) { disconnect(); setTimeout(connect, 3000); }
  };
}

function disconnect() {
  events?.close();
  events = null;
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden) setTimeout(() => { if (document.hidden) disconnect(); }, 10000);
  else connect();
});

// What has become of a process that shut down and is not found again; null while it may only be slow.
function fate() {
  const shutdown = model.shutdown;
  if (failures < 2 || !shutdown || shutdown.stage === "running") return null;
  // After the last word comes only what is not told: telemetry is sent, and the process ends.
  return shutdown.stage === "ended" || shutdown.stage === "telemetry" ? "ended" : "gone during its shutdown";
}

// Says whether what is shown is of now.
function linked() {
  const silent = performance.now() - heard, end = fate();
  const live = heard && !end && silent < Math.max(3500, 3 * model.every);
  const link = $("link");
  link.className = "link " + (live ? "live" : end === "ended" ? "over" : heard ? "lost" : "");
  text(link.lastElementChild, live ? "live" : end ? end : heard ? "no word for " + span(silent / 1000) : "connecting");
  if (end) drawBanner();
}
setInterval(linked, 1000);
