//! The reference pages say of every option whether it can be set from outside, and say it as it is.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    sync::{Arc, Mutex},
};

use mainstay::overrides::{Known, Said, Source, overrides};

const PAGES: [&str; 12] = [
    "adaptive_limit",
    "budget",
    "bulkhead",
    "cached",
    "chaos",
    "circuit_breaker",
    "fallback",
    "hedge",
    "idempotent",
    "metered",
    "rate_limit",
    "throttle",
];

/// Says nothing, and keeps what there is to be set.
struct Ask(Arc<Mutex<BTreeMap<&'static str, BTreeSet<&'static str>>>>);

impl Source for Ask {
    fn read(&self, known: &Known) -> Said {
        self.0.lock().unwrap().extend(PAGES.map(|page| (page, known.options(page))));
        Said::default()
    }
}

fn section<'a>(page: &'a str, title: &str) -> &'a str {
    let (_, rest) =
        page.split_once(&format!("\n# {title}\n")).unwrap_or_else(|| panic!("no section {title}"));
    rest.split("\n# ").next().unwrap_or(rest)
}

/// What stands between backticks, without what it is given.
fn names(text: &str) -> BTreeSet<&str> {
    let spans = text.split('`').skip(1).step_by(2);
    spans.map(|span| span.split(['(', ' ', '=']).next().unwrap_or(span)).collect()
}

#[tokio::test]
async fn every_option_is_set_from_outside_or_said_to_be_code() {
    let known = Arc::<Mutex<_>>::default();
    {
        let _set = crate::subjects::nothing_set().await;
        overrides().source(Ask(Arc::clone(&known))).load().unwrap();
    }
    for (attribute, settable) in &*known.lock().unwrap() {
        let page =
            fs::read_to_string(format!("{}/docs/reference/{attribute}.md", env!("CARGO_MANIFEST_DIR")))
                .unwrap();
        let outside = section(&page, "From outside");
        let (set, code) = outside.split_once("Set in code only").unwrap_or((outside, ""));
        for option in settable {
            assert!(
                names(set).contains(option) || *attribute == "metered",
                "{attribute}: `{option}` can be set"
            );
        }
        let rows = section(&page, "Options").lines().filter(|line| line.starts_with("| `"));
        for option in rows.flat_map(|row| names(row.split('|').nth(1).unwrap_or_default())) {
            let said = names(code).contains(option) || *attribute == "metered";
            assert!(settable.contains(option) != said || *attribute == "metered", "{attribute}: `{option}`");
        }
    }
}
