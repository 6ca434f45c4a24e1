//! The live page with five hundred sites under load.
#![allow(missing_docs, unreachable_pub)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail the test")]

#[path = "../page/driver.rs"]
mod driver;
#[path = "../ops/many.rs"]
mod sites;

use std::time::Duration;

use driver::{Browser, WINDOWS};
use mainstay_ops::OpsServer;
use mainstay_runtime::{
    health::HealthChecker,
    shutdown::{GracefulShutdown, Handler, ShutdownConfig},
};

#[test]
fn five_hundred_functions_are_shown_searched_and_kept_up_to_date() {
    std::thread::spawn(|| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            for input in 0.. {
                sites::call(input).await;
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        });
    });
    let server =
        OpsServer::new().host([127, 0, 0, 1]).port(0).service("many").checks(HealthChecker::new("many"));
    let serving = server.start_in_background().unwrap();
    for window in WINDOWS {
        let browser = Browser::open(window);
        browser.go(&format!("http://{}/", serving.address()));
        browser.until("return document.querySelectorAll('.row').length === 500");
        browser.until("return parseFloat(document.querySelector('.row .calls').textContent) > 0");
        browser.photograph(&format!("many-{}", window.name));
        let widths = browser.js("return [document.documentElement.scrollWidth, innerWidth]");
        assert!(widths[0].as_u64() <= widths[1].as_u64(), "{widths}");

        // Rows out of sight are not drawn, and those that come into sight are.
        let drawn = browser.js(
            "return [...document.querySelectorAll('.row .calls')].filter((one) => one.textContent).length",
        );
        assert!((5..250).contains(&drawn.as_u64().unwrap()), "{drawn}");
        browser.js("document.querySelector('.row:last-child').scrollIntoView()");
        browser.until("return parseFloat(document.querySelector('.row:last-child .calls').textContent) > 0");

        let spent = browser.js(
            "return new Promise((done) => { const spent = []; let last = +document.body.dataset.beats; const watch = new PerformanceObserver((list) => spent.push(...list.getEntries().map((entry) => entry.duration))); \
             watch.observe({ entryTypes: ['longtask'] }); setTimeout(() => done([document.body.dataset.beats - last, Math.max(0, ...spent), last]), 3000); })",
        );
        println!("{}: {} beats in three seconds, the longest task {} ms", window.name, spent[0], spent[1]);
        browser.until(&format!("return +document.body.dataset.beats > {}", spent[2]));
        browser.js("const search = document.getElementById('search'); search.value = 'identity::webhooks re'; search.dispatchEvent(new Event('input'))");
        // read, restore, revoke, and what else has «re» in its path or stack: `retry` is in all.
        browser.until(
            "return [...document.querySelectorAll('.row')].filter((row) => !row.hidden).length === 10",
        );
        let log = browser.log();
        assert!(log.is_empty(), "{log:#?}");
    }
    let browser = shut_down(&format!("http://{}/", serving.address()));
    serving.stop();
    // The stream is at its end, and nobody answers any more.
    browser.until("return document.querySelector('#link.over')?.textContent === 'ended'");
    let heading = browser.js("return document.querySelector('#banner h2').textContent");
    assert!(heading.as_str().unwrap().starts_with("Ended: "), "{heading}");
    browser.photograph("ended");
}

/// The page of a program that shuts down: last, as a program does that once.
fn shut_down(address: &str) -> Browser {
    let (go_on, goes_on) = tokio::sync::oneshot::channel::<()>();
    let ended = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            // Its time is not up before the pages are open, however long a busy machine takes for a browser: that would end
            // this process.
            let hour = Duration::from_secs(3600);
            let shutdown =
                GracefulShutdown::new(ShutdownConfig::new().timeout(hour).handler_timeout(hour)).unwrap();
            let goes_on = std::sync::Mutex::new(Some(goes_on));
            let database = Handler::new("database", move || {
                let goes_on = goes_on.lock().unwrap().take();
                async move {
                    if let Some(goes_on) = goes_on {
                        let _ = goes_on.await;
                    }
                }
            });
            shutdown.on_shutdown(database).unwrap();
            shutdown
                .on_shutdown(Handler::new("queue", || async { Err::<(), _>("the broker is away") }))
                .unwrap();
            shutdown.trigger("the test is over");
            shutdown.wait_for_signal().await
        })
    });
    for window in [WINDOWS[0], WINDOWS[3]] {
        let browser = Browser::open(window);
        browser.go(address);
        browser.until("return !document.getElementById('banner').hidden");
        browser.until("return document.querySelector('.handlers').textContent.includes('running')");
        let banner = browser.js("return document.getElementById('banner').textContent");
        let banner = banner.as_str().unwrap();
        assert!(banner.starts_with("Shutting down: ") && banner.contains("the test is over"), "{banner}");
        assert!(banner.contains("database") && banner.contains("queue"), "{banner}");
        browser.photograph(&format!("shutdown-{}", window.name));
        let widths = browser.js("return [document.documentElement.scrollWidth, innerWidth]");
        assert!(widths[0].as_u64() <= widths[1].as_u64(), "{widths}");
    }
    let browser = Browser::open(WINDOWS[0]);
    browser.go(address);
    browser.until("return !document.getElementById('banner').hidden");
    go_on.send(()).unwrap();
    browser.until("return document.querySelector('.steps .now').textContent === 'ended'");
    browser.until("return document.querySelector('.handlers').textContent.includes('failed')");
    let _ = ended.join().unwrap();
    browser
}
