//! The keys of idempotent calls.
#![allow(missing_docs)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail the test")]

use std::collections::{BTreeMap, HashMap};

use mainstay_json::{IdempotencyKey, KeyError, KeyProblem, SignalTime};
use mainstay_runtime::store::ToKey;
use serde::Serialize;
use serde_json::{Value, json};

#[derive(serde::Deserialize)]
struct Vector {
    maker: String,
    arguments: Vec<Value>,
    key: String,
}

#[test]
fn python_and_javascript_make_the_same_keys() {
    let vectors: Vec<Vector> = serde_json::from_str(include_str!("vectors/keys.json")).unwrap();
    assert!(vectors.len() >= 17);
    for Vector { maker, arguments, key } in vectors {
        let text = |nth: usize| match &arguments[nth] {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let made = match maker.as_str() {
            "from_user_request" => IdempotencyKey::from_user_request(text(0), &text(1), &arguments[2]),
            "from_client_key" => IdempotencyKey::from_client_key(text(0), &text(1), &text(2)),
            "from_trade" => {
                let time = SignalTime::from_unix_seconds(arguments[2].as_u64().unwrap());
                IdempotencyKey::from_trade(text(0), &text(1), time)
            }
            "from_blockchain_tx" => IdempotencyKey::from_blockchain_tx(&text(0), &text(1), &text(2)),
            "from_event" => IdempotencyKey::from_event(text(0)),
            "generate" => IdempotencyKey::generate(&text(0), &text(1), text(2)),
            other => panic!("no maker {other}"),
        };
        assert_eq!(made.unwrap().as_str(), key, "{maker} {arguments:?}");
    }
}

#[test]
fn the_keys_are_those_of_the_original() {
    let time = SignalTime::from_unix_seconds(1_730_500_000);
    for (key, expected) in [
        (IdempotencyKey::from_trade("strat_456", "abc123", time), "trade_strat_456_1730500000_abc123"),
        (IdempotencyKey::from_blockchain_tx("bridge", "solana", "def789"), "blockchain_bridge_solana_def789"),
        (IdempotencyKey::from_event("evt_12345"), "event_evt_12345"),
    ] {
        let key = key.unwrap();
        assert_eq!((key.as_str(), key.to_key().as_str()), (expected, expected));
    }
    assert_eq!(SignalTime::from_unix_millis(1_730_500_000_999), time);
}

#[test]
fn parameters_may_come_as_a_struct_a_map_or_pairs_in_any_order() {
    #[derive(Serialize)]
    struct Deposit {
        token: &'static str,
        amount: u64,
    }
    let of = |params: &dyn Fn() -> Result<IdempotencyKey, KeyError>| params().unwrap();
    let expected = of(&|| {
        IdempotencyKey::from_user_request("user123", "deposit", &Deposit { token: "USDC", amount: 1000 })
    });
    assert_eq!(expected.as_str().len(), 64);
    let map = HashMap::from([("amount", json!(1000)), ("token", json!("USDC"))]);
    let tree: BTreeMap<_, _> = map.clone().into_iter().collect();
    let pairs = [("token", json!("USDC")), ("amount", json!(1000))];
    for key in [
        IdempotencyKey::from_user_request("user123", "deposit", &map),
        IdempotencyKey::from_user_request("user123", "deposit", &tree),
        IdempotencyKey::from_user_request("user123", "deposit", &pairs),
        IdempotencyKey::from_user_request("user123", "deposit", &(("amount", 1000), ("token", "USDC"))),
        IdempotencyKey::from_user_request("user123", "deposit", &Some(&map)),
    ] {
        assert_eq!(key.unwrap(), expected);
    }
    let none = IdempotencyKey::from_user_request(7, "close", &()).unwrap();
    assert_eq!(none, IdempotencyKey::from_user_request("7", "close", &[(); 0]).unwrap());
    assert_eq!(none, IdempotencyKey::from_user_request(7, "close", &None::<Deposit>).unwrap());
}

#[test]
fn parameters_without_names_are_refused() {
    let refused = |params: &Value| {
        let error = IdempotencyKey::from_user_request("u", "op", params).unwrap_err();
        assert_eq!(error.part(), "params");
        error.to_string()
    };
    for params in [json!(7), json!("x"), json!(true)] {
        assert!(refused(&params).contains("`params` have no names: give a struct"), "{params}");
    }
    for params in [json!([1]), json!([["a"]]), json!([["a", 1, 2]]), json!([[1, "a"]]), json!(["ab"])] {
        assert!(refused(&params).contains("not one of pairs"), "{params}");
    }
    assert!(refused(&json!([["a", 1], ["b", 2], ["a", 1]])).contains("\"a\" occurs twice"));
    let error = IdempotencyKey::from_user_request("u", "op", &[("amount", f64::NAN)]).unwrap_err();
    assert!(matches!(error.problem(), KeyProblem::Params(_)));
    assert!(std::error::Error::source(&error).is_some());
}

#[test]
fn a_clients_key_wins_and_holds_for_its_user_and_operation_only() {
    let key = |user: &str, operation: &str, client: Option<&str>, amount: u64| {
        IdempotencyKey::from_client_key_or_params(user, operation, client, &[("amount", amount)]).unwrap()
    };
    let one = key("ann", "deposit", Some("k-1"), 1000);
    assert_eq!(one, key("ann", "deposit", Some("k-1"), 2000), "parameters do not count beside it");
    assert_ne!(one, key("ann", "deposit", Some("k-2"), 1000), "two deposits that are alike");
    assert_ne!(one, key("bob", "deposit", Some("k-1"), 1000));
    assert_ne!(one, key("ann", "withdraw", Some("k-1"), 1000));
    assert_ne!(one, key("ann", "deposit", None, 1000));
    assert_eq!(key("ann", "deposit", None, 1000), key("ann", "deposit", None, 1000));
    let named = IdempotencyKey::from_user_request("ann", "deposit", &[("client_key", "k-1")]).unwrap();
    assert_ne!(one, named);
    let empty = IdempotencyKey::from_client_key_or_params("ann", "deposit", Some(" "), &());
    assert!(empty.is_err(), "a key that was sent is not passed over");
}

#[test]
fn parts_that_cannot_tell_calls_apart_are_refused_by_name() {
    let time = SignalTime::from_unix_seconds(1);
    let long = "x".repeat(256);
    for (made, part, problem) in [
        (IdempotencyKey::from_event(""), "event_id", "is empty"),
        (IdempotencyKey::from_event(" \u{a0}\t"), "event_id", "is empty"),
        (IdempotencyKey::from_event("evt\n1"), "event_id", "control character"),
        (IdempotencyKey::from_event("evt "), "event_id", "begins or ends with a space"),
        (IdempotencyKey::from_event(long.as_str()), "event_id", "longer than 255 bytes"),
        (IdempotencyKey::from_trade("", "h", time), "strategy_id", "is empty"),
        (IdempotencyKey::from_trade("s", "\0", time), "signal_hash", "control character"),
        (IdempotencyKey::from_blockchain_tx(" ", "c", "h"), "operation", "is empty"),
        (IdempotencyKey::from_blockchain_tx("o", "", "h"), "chain", "is empty"),
        (IdempotencyKey::from_blockchain_tx("o", "c", " h"), "params_hash", "space"),
        (IdempotencyKey::generate("", "k", 1), "source", "is empty"),
        (IdempotencyKey::generate("s", "", 1), "kind", "is empty"),
        (IdempotencyKey::generate("s", "k", "\u{1b}"), "id", "control character"),
        (IdempotencyKey::from_user_request("", "op", &()), "user_id", "is empty"),
        (IdempotencyKey::from_user_request("u", "", &()), "operation", "is empty"),
        (IdempotencyKey::from_client_key("u", "op", "\r"), "client_key", "is empty"),
        ("".parse(), "key", "is empty"),
    ] {
        let error = made.unwrap_err();
        assert_eq!(error.part(), part);
        let text = error.to_string();
        assert!(
            text.starts_with(&format!("no idempotency key: `{part}` ")) && text.contains(problem),
            "{text}"
        );
    }
}

/// Parts with separators, escapes and digits at every place where they could be taken for those of the key.
#[test]
fn arguments_that_differ_have_keys_that_differ_whoever_makes_them() {
    let parts = [
        "a",
        "_",
        "%",
        "a_",
        "_1",
        "1",
        "a_1",
        "1_a",
        "5F",
        "%5F",
        "_%",
        ":",
        "a:b",
        "\\",
        "event_a",
        "trade_a_1",
    ];
    let mut seen: HashMap<String, String> = HashMap::new();
    let mut add = |key: Result<IdempotencyKey, KeyError>, from: String| {
        if let Some(other) = seen.insert(key.unwrap().to_string(), from.clone()) {
            panic!("{other} and {from} have one key");
        }
    };
    for a in parts {
        add(IdempotencyKey::from_event(a), format!("event {a:?}"));
        for b in parts {
            for seconds in [1, 11] {
                let time = SignalTime::from_unix_seconds(seconds);
                add(IdempotencyKey::from_trade(a, b, time), format!("trade {a:?} {seconds} {b:?}"));
            }
            add(IdempotencyKey::from_user_request(a, b, &()), format!("request {a:?} {b:?}"));
            for c in parts {
                let told = format!("{a:?} {b:?} {c:?}");
                add(IdempotencyKey::from_blockchain_tx(a, b, c), format!("tx {told}"));
                add(IdempotencyKey::generate(a, b, c), format!("generated {told}"));
                add(IdempotencyKey::from_client_key(a, b, c), format!("client {told}"));
                add(IdempotencyKey::from_user_request(a, b, &[("client_key", c)]), format!("param {told}"));
            }
        }
    }
}

#[test]
fn a_key_goes_through_serde_and_back_and_a_bad_one_is_refused() {
    let key = IdempotencyKey::generate("INTERNAL", "ITEM_CREATED", (7_u64, "eu")).unwrap();
    assert_eq!(key.as_str(), r"generated:INTERNAL:ITEM_CREATED:7\:eu");
    let json = serde_json::to_string(&key).unwrap();
    assert_eq!(serde_json::from_str::<IdempotencyKey>(&json).unwrap(), key);
    assert_eq!(key.to_string().parse::<IdempotencyKey>().unwrap(), key);
    assert_eq!(format!("{key:?}"), format!("{:?}", key.as_str()));
    for bad in ["\"\"", "\" \"", "\"a\\n\"", "7"] {
        assert!(serde_json::from_str::<IdempotencyKey>(bad).is_err(), "{bad}");
    }
    // The longest that the makers make is still one.
    let most = "_".repeat(255);
    let longest = IdempotencyKey::from_blockchain_tx(&most, &most, &most).unwrap();
    assert_eq!(longest.as_str().parse::<IdempotencyKey>().unwrap(), longest);
}
