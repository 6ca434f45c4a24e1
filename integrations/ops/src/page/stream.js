// The server's events. The browser connects again by itself; a page that nobody sees is not kept up to date.
const ways = {
  start: (data) => { reset(data); built(); },
  past: (data) => { data.forEach(take); changed(); },
  more: (data) => { extend(data); built(); },
  sample: (data) => { take(data); changed(); },
  news: (data) => { model.news = model.news.concat(data).slice(-256); },
  health: (data) => { model.health = data; },
  shutdown: (data) => { model.shutdown = data; },
};
let events = null, heard = 0;

function connect() {
  if (events) return;
  events = new EventSource("/events");
  for (const [name, way] of Object.entries(ways)) {
    events.addEventListener(name, (event) => { heard = performance.now(); way(JSON.parse(event.data)); });
  }
  events.onerror = () => {
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

// Says whether what is shown is of now.
function linked() {
  const silent = performance.now() - heard;
  const live = heard && silent < Math.max(3500, 3 * model.every);
  const link = $("link");
  link.className = "link " + (live ? "live" : heard ? "lost" : "");
  text(link.lastElementChild, live ? "live" : heard ? "no word for " + span(silent / 1000) : "connecting");
}
setInterval(linked, 1000);
