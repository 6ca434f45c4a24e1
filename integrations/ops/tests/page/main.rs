//! The live page in Chromium, over a shop under load: what is on it, what it does, and how it looks.
#![allow(missing_docs, unreachable_pub)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail the test")]

mod driver;
#[path = "../ops/shop.rs"]
mod shop;

use std::{sync::OnceLock, time::Duration};

use driver::{Browser, WINDOWS, Window};
use mainstay_ops::{OpsServer, ServingOps};
use mainstay_runtime::{
    circuit_breaker::CircuitBreaker,
    health::{Health, HealthChecker, from_fn},
};
use serde_json::Value;

/// A shop that sells as long as the tests run, and its server.
fn shop() -> &'static ServingOps {
    static SHOP: OnceLock<ServingOps> = OnceLock::new();
    SHOP.get_or_init(|| {
        std::thread::spawn(|| {
            let runtime =
                tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
            runtime.block_on(shop::load(60));
        });
        let checker = HealthChecker::new("shop");
        checker.add_as("database", from_fn(|| async { true }));
        checker.add_as("search_index", from_fn(|| async { Health::degraded("412 documents behind") }));
        OpsServer::new()
            .host([127, 0, 0, 1])
            .port(0)
            .service("shop")
            .checks(checker)
            .sample_every(Duration::from_millis(250))
            .start_in_background()
            .unwrap()
    })
}

/// A page that has been told of the load.
fn open(window: Window) -> Browser {
    let browser = Browser::open(window);
    browser.go(&format!("http://{}/", shop().address()));
    browser.until("return document.body.dataset.beats > 3 && document.querySelector('#link.live') !== null");
    browser.until("return parseFloat(document.querySelector('.row .calls').textContent) > 0");
    browser
}

fn texts(browser: &Browser, selector: &str) -> Vec<String> {
    let found = browser
        .js(&format!("return [...document.querySelectorAll({selector:?})].map((one) => one.textContent)"));
    found.as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()).collect()
}

/// Clicks the chip of a function's stack.
fn click(browser: &Browser, function: &str, chip: &str) {
    let found = browser.js(&format!(
        "const row = [...document.querySelectorAll('.row')].find((row) => row.querySelector('b').textContent === {function:?}); \
         const chip = [...row.querySelectorAll('.chip')].find((chip) => chip.textContent.startsWith({chip:?})); chip.click(); return true"
    ));
    assert_eq!(found, Value::Bool(true));
}

fn no_complaints(browser: &Browser) {
    let log = browser.log();
    assert!(log.is_empty(), "{log:#?}");
}

/// Nothing is scrolled sideways, and on a desk nothing but the functions and the panel up and down.
fn fits(browser: &Browser) {
    let heights = browser.js("return [document.documentElement.scrollHeight, innerHeight, innerWidth]");
    let desk = heights[2].as_u64() > Some(1180);
    assert!(!desk || heights[0].as_u64() <= heights[1].as_u64(), "the page can be scrolled: {heights}");
    let widths = browser.js("return [document.documentElement.scrollWidth, innerWidth]");
    assert!(widths[0].as_u64() <= widths[1].as_u64(), "the page can be scrolled sideways: {widths}");
}

#[test]
fn every_function_is_there_with_its_stack_and_its_numbers_move_in_every_window() {
    for window in WINDOWS {
        let browser = open(window);
        assert_eq!(texts(&browser, "#service"), ["shop"]);
        let names = texts(&browser, ".row .fn b");
        assert_eq!(
            names,
            ["charge", "refund", "price", "search", "reserve", "recount", "profile", "send_mail"]
        );
        let stack: Vec<String> = texts(&browser, ".row:first-child .chip")
            .iter()
            .map(|chip| {
                chip.split_whitespace()
                    .next()
                    .unwrap()
                    .chars()
                    .take_while(|char| char.is_alphabetic())
                    .collect()
            })
            .collect();
        for (chip, layer) in stack.iter().zip([
            "metered",
            "fallback",
            "idempotent",
            "retry",
            "breaker",
            "limit",
            "bulkhead",
            "timeout",
        ]) {
            assert!(chip.starts_with(layer), "{stack:?}");
        }
        assert_eq!(stack.len(), 8);
        let graph = "return document.querySelector('.row .spark path.line').getAttribute('d')";
        let before = browser.js(graph);
        browser.until("return document.querySelector('.row .late').textContent.includes('ms')");
        browser.until(&format!("{} !== {before}", graph));
        // Where the machine is too slow for the patience of a report, the next one is told.
        browser.until(
            "return ['.value', '.note'].map((part) => document.querySelector(`#tile-health ${part}`).textContent).join() === 'degraded,search_index'",
        );
        let theme = browser.js("return document.documentElement.dataset.theme");
        assert_eq!(theme, if window.dark { "dark" } else { "light" });
        fits(&browser);
        browser.photograph(window.name);
        click(&browser, "charge", "breaker");
        browser.until("return document.querySelectorAll('#panel .graph path.line').length > 0");
        fits(&browser);
        browser.photograph(&format!("{}-breaker", window.name));
        no_complaints(&browser);
    }
}

#[test]
fn a_policy_tells_its_options_its_numbers_and_its_places() {
    let browser = open(WINDOWS[0]);
    click(&browser, "charge", "limit");
    assert_eq!(texts(&browser, "#panel h2"), ["payments"]);
    let panel = texts(&browser, "#panel").remove(0);
    for part in ["#[rate_limit]", "rate300/s", "burst60", "permitted", "tokens", "shop.rs:"] {
        assert!(panel.contains(part), "no {part:?} in {panel}");
    }
    click(&browser, "charge", "breaker");
    let places = texts(&browser, "#panel .places li button:first-child");
    assert_eq!(places, ["charge", "refund"], "a breaker that two functions share names both");
    click(&browser, "price", "cache");
    browser.until("return document.querySelector('#panel').textContent.includes('max_entries')");
    // A function tells its attributes as they are written.
    browser.js("document.querySelector('.row .fn').click()");
    let written = texts(&browser, "#panel .written").remove(0);
    assert!(written.contains("#[retry(max_attempts = 3, initial_delay = \"20ms\")]"), "{written}");
    assert!(written.find("#[retry").unwrap() < written.find("#[timeout").unwrap());
    no_complaints(&browser);
}

#[test]
fn a_quantile_in_the_lowest_bucket_is_told_by_its_bound_and_not_made_up() {
    let browser = open(WINDOWS[0]);
    // Most prices are kept, and take microseconds.
    let late = "[...document.querySelectorAll('.row')].find((row) => row.querySelector('b').textContent === 'price').querySelector('.late').textContent";
    browser.until(&format!("return /^< 5( ms)?( · |$)/.test({late})"));
    click(&browser, "price", "metered");
    browser.until("return [...document.querySelectorAll('#panel .legend li')].some((one) => one.textContent === 'p50< 5 ms')");
    no_complaints(&browser);
}

#[test]
fn a_breaker_is_forced_open_and_let_go_from_the_page() {
    let breaker = CircuitBreaker::builder().failure_threshold(5).register("directory").unwrap();
    let browser = open(WINDOWS[0]);
    click(&browser, "profile", "breaker");
    browser.until("return document.querySelector('#panel .badge').textContent === 'closed'");
    let press = |order: &str| {
        browser.js(&format!("[...document.querySelectorAll('.orders button')].find((button) => button.textContent.includes({order:?})).click()"));
    };
    press("force open");
    assert_eq!(breaker.state().as_str(), "closed", "it asks first");
    press("really force open");
    browser.until("return document.querySelector('#panel .badge').textContent === 'forced open'");
    assert_eq!(breaker.state().as_str(), "forced_open");
    browser.until("return document.querySelector('.row.chosen').classList.contains('is-bad')");
    browser.until("return document.querySelector('#panel .news').textContent.includes('forced open')");
    browser.until("return /^\\([0-9]+ open\\) shop/.test(document.title)");
    press("enable");
    press("really enable");
    browser.until("return document.querySelector('#panel .badge').textContent === 'closed'");
    no_complaints(&browser);
}

#[test]
fn an_open_breaker_whose_time_is_over_waits_for_a_call_and_says_so() {
    // Nobody calls it: the shop has none of that name.
    let breaker = CircuitBreaker::builder()
        .failure_threshold(1)
        .timeout(Duration::from_millis(1))
        .register("nobody.calls")
        .unwrap();
    let browser = open(WINDOWS[0]);
    breaker.call(|| Err::<(), Box<dyn std::error::Error>>("no".into())).unwrap_err();
    browser.until("return document.querySelector('#panel .news').textContent.includes('nobody.calls open')");
    browser.js("[...document.querySelectorAll('#panel .news button')].find((one) => one.textContent === 'nobody.calls').click()");
    browser.until(
        "return document.querySelector('#panel .badge')?.textContent === 'open, the next call tries it'",
    );
    let standing = texts(&browser, "#panel .standing").remove(0);
    assert!(standing.contains("opened ") && standing.ends_with(" ago"), "{standing}");
    breaker.close();
    browser.until("return document.querySelector('#panel .badge').textContent === 'closed'");
    no_complaints(&browser);
}

#[test]
fn what_is_looked_for_is_found_and_all_of_it_by_keys() {
    let browser = open(WINDOWS[0]);
    let shown = "[...document.querySelectorAll('.row')].filter((row) => !row.hidden).map((row) => row.querySelector('b').textContent).join()";
    browser.keys("/");
    browser.keys("warehouse");
    browser.until(&format!("return {shown} === 'reserve'"));
    browser.keys("\u{E00C}");
    browser.until(&format!("return {shown}.startsWith('charge,refund')"));
    browser.keys("nothing at all");
    browser.until("return !document.getElementById('none').hidden");
    browser.keys("\u{E00C}");
    // From the search downwards, along the stack, and into a layer.
    browser.keys("\u{E015}\u{E015}\u{E014}\u{E014}");
    browser.until("return document.activeElement.textContent.startsWith('retry') && document.activeElement.closest('.row').querySelector('b').textContent === 'refund'");
    browser.keys("\u{E007}");
    browser.until("return document.querySelector('#panel p').textContent.includes('#[retry]')");
    browser.keys("\u{E00C}");
    browser.until("return document.querySelector('#panel h2').textContent === 'Now'");
    assert_eq!(
        browser.js("return document.querySelectorAll('#list [tabindex=\"0\"]').length"),
        1,
        "the list is one stop of the tabulator"
    );
    no_complaints(&browser);
}

#[test]
fn colours_follow_the_system_until_told_otherwise_and_are_remembered() {
    let browser = open(WINDOWS[1]);
    let theme = || browser.js("return document.documentElement.dataset.theme");
    let press = || browser.js("document.getElementById('theme').click()");
    assert_eq!(theme(), "dark");
    press();
    assert_eq!(theme(), "light");
    browser.js("location.reload()");
    browser.until("return document.body.dataset.beats > 1");
    assert_eq!(theme(), "light");
    press();
    press();
    assert_eq!(theme(), "dark");
    no_complaints(&browser);
}

/// Contrast as WCAG 2 has it, of every text on the page against what is behind it.
const CONTRAST: &str = r#"
const light = (colour) => { const [r, g, b] = colour.map((part) => { part /= 255; return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4; }); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
const read = (text) => { const parts = text.match(/[\d.]+/g).map(Number); return { rgb: parts.slice(0, 3), alpha: parts[3] ?? 1 }; };
const poor = [];
for (const element of document.querySelectorAll('body *')) {
  if (![...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()) || !element.checkVisibility() || element.closest('.sr, .skip, script, style, button:disabled')) continue;
  let behind = element, back = null;
  while (behind) { const found = read(getComputedStyle(behind).backgroundColor); if (found.alpha > 0.99) { back = found.rgb; break; } behind = behind.parentElement; }
  const [a, b] = [light(read(getComputedStyle(element).color).rgb), light(back ?? [255, 255, 255])].sort((x, y) => y - x);
  const ratio = (a + 0.05) / (b + 0.05);
  if (ratio < 4.5) poor.push(element.className + ' ' + element.textContent.slice(0, 30) + ' ' + ratio.toFixed(2));
}
return [...new Set(poor)];
"#;

#[test]
fn every_text_stands_out_and_every_control_has_a_name() {
    for window in WINDOWS {
        let browser = open(window);
        assert_eq!(browser.js(CONTRAST), Value::Array(Vec::new()), "{}", window.name);
        click(&browser, "charge", "breaker");
        browser.until("return document.querySelectorAll('#panel .orders button').length === 6");
        assert_eq!(browser.js(CONTRAST), Value::Array(Vec::new()), "{} with a policy", window.name);
        let nameless = "return [...document.querySelectorAll('button, input, select')].filter((one) => !one.textContent.trim() && !one.getAttribute('aria-label') && !one.closest('label')).length";
        assert_eq!(browser.js(nameless), 0);
    }
}

#[test]
fn a_page_that_lost_the_server_says_so_and_finds_it_again() {
    let checker = HealthChecker::new("short-lived");
    let serve = |port: u16| {
        let server =
            OpsServer::new().host([127, 0, 0, 1]).port(port).service("short-lived").checks(checker.clone());
        server.sample_every(Duration::from_millis(100)).start_in_background()
    };
    let serving = serve(0).unwrap();
    let address = serving.address();
    let browser = Browser::open(WINDOWS[0]);
    browser.go(&format!("http://{address}/"));
    browser.until("return document.querySelector('#link.live') !== null");
    serving.stop();
    browser.until("return document.querySelector('#link.lost') !== null");
    let again = loop {
        match serve(address.port()) {
            Ok(serving) => break serving,
            Err(_) => std::thread::sleep(Duration::from_millis(50)),
        }
    };
    browser.until("return document.querySelector('#link.live') !== null");
    again.stop();
}
