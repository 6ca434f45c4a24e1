use mainstay_runtime::{
    bulkhead::BulkheadConfig,
    overrides::{Environment, Values, overrides, reload},
};
use serde_json::{Value, json};

use crate::{
    events::{Reader, server},
    support::get,
};

fn policy(json: &Value) -> Value {
    let policies = json["policies"].as_array().unwrap();
    policies.iter().find(|policy| policy["name"] == "steered.places").unwrap().clone()
}

#[test]
fn what_was_set_from_outside_is_told_with_its_origin_and_when() {
    BulkheadConfig::new(9).register("steered.places").unwrap();
    let serving = server().start_in_background().unwrap();
    let mut reader = Reader::open(serving.address());
    let start = reader.next("start");
    assert_eq!(policy(&start)["origins"], json!({}));
    let id = start["policies"].as_array().unwrap().iter().position(|one| one["name"] == "steered.places");

    let variables = Environment::of([("MAINSTAY_STEERED_PLACES_BULKHEAD_LIMIT", "4")]);
    overrides().source(variables).load().unwrap();
    let item = loop {
        let news = reader.next("news");
        let items = news.as_array().unwrap();
        if let Some(item) = items.iter().find(|item| item["option"] == "limit") {
            break item.clone();
        }
    };
    assert_eq!(
        (&item["policy"], &item["old"], &item["new"], &item["origin"]),
        (&json!(id), &json!("9"), &json!("4"), &json!("MAINSTAY_STEERED_PLACES_BULKHEAD_LIMIT"))
    );
    let told = get(serving.address(), "/policies/bulkhead/steered.places").json();
    assert_eq!(told["options"], json!({ "limit": "4" }));
    assert_eq!((&told["unset"], &told["defaults"]), (&json!(["max_wait", "max_queue"]), &told["unset"]));
    assert_eq!(
        told["origins"],
        json!({ "limit": { "value": "4", "level": "name", "place": "MAINSTAY_STEERED_PLACES_BULKHEAD_LIMIT" } })
    );

    assert!(overrides().source(Values::new().name("steered.places", "bulkhead", "limit", 0)).load().is_err());
    let everything = loop {
        let everything = get(serving.address(), "/policies").json();
        if everything["overrides"]["refused_ms"].is_u64() {
            break everything;
        }
    };
    assert_eq!(policy(&everything)["origins"]["limit"]["value"], "4");
    let loads = &everything["overrides"];
    assert!(loads["loaded_ms"].is_u64() && loads["changed_ms"].is_u64());
    let changed = "bulkhead `steered.places`: limit 9 -> 4 (MAINSTAY_STEERED_PLACES_BULKHEAD_LIMIT)";
    assert_eq!(loads["changes"], json!([changed]));
    assert!(loads["problems"][0].as_str().unwrap().contains("policies.steered.places.bulkhead.limit"));
    reload().unwrap();
    serving.stop();
}
