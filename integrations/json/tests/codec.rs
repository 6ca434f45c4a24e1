//! The codec of stores.
#![allow(missing_docs)]
#![allow(clippy::unwrap_used, reason = "helpers of tests fail the test")]

use std::{collections::BTreeMap, fmt::Debug};

use mainstay_json::Json;
use mainstay_runtime::store::{Decode, Encode};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

#[test]
fn a_float_comes_back_as_it_was() {
    let mut random = fastrand::Rng::with_seed(17);
    for _ in 0..100_000 {
        let float = f64::from_bits(random.u64(..));
        if float.is_finite() {
            let bytes = Json::encode(&float).unwrap();
            let back: f64 = Json::decode(&bytes).unwrap();
            assert_eq!(back.to_bits(), float.to_bits(), "{float:e}");
        }
    }
}

#[test]
fn equal_values_have_one_fingerprint_whatever_their_type() {
    let pairs = std::collections::HashMap::from([("b", 1), ("a", 2)]);
    let value = serde_json::json!({ "a": 2, "b": 1 });
    assert_eq!(Json::fingerprint(&pairs).unwrap(), Json::fingerprint(&value).unwrap());
    assert_ne!(Json::fingerprint(&1).unwrap(), Json::fingerprint("1").unwrap());
    let error = Json::fingerprint(&f64::NAN).unwrap_err();
    assert!(error.to_string().contains("`f64` cannot be written as canonical JSON"), "{error}");
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Nothing;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Wrapped<T>(T);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
enum Found<T> {
    Nowhere,
    There(T),
    At { place: T },
    Between(T, T),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Quote {
    symbol: String,
    note: Option<String>,
    nothing: (),
    prices: Vec<(u64, f64)>,
    by_venue: BTreeMap<String, Option<f32>>,
}

fn quote(price: f64, at_venue: Option<f32>) -> Quote {
    Quote {
        symbol: "SOL".into(),
        note: None,
        nothing: (),
        prices: vec![(1, 1.5), (2, price)],
        by_venue: [("first".into(), None), ("second".into(), at_venue)].into(),
    }
}

#[track_caller]
fn comes_back<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: T) {
    let bytes = Json::encode(&value).unwrap();
    assert_eq!(bytes, serde_json::to_vec(&value).unwrap(), "it is serde_json's JSON");
    let back: T = Json::decode(&bytes).unwrap();
    assert_eq!(back, value);
}

#[track_caller]
fn refused<T: Serialize + ?Sized>(value: &T) -> String {
    Json::encode(value).unwrap_err().to_string()
}

#[test]
fn what_json_can_tell_apart_comes_back_as_it_was() {
    comes_back(());
    comes_back(Nothing);
    comes_back(None::<()>);
    comes_back(None::<Option<u8>>);
    comes_back(Some(Some(1)));
    comes_back(Some(vec![None, Some(1)]));
    comes_back(Some([(), ()]));
    comes_back((None::<u8>, (), Some(Wrapped(1))));
    comes_back(Some(Wrapped((None::<u8>, ()))));
    comes_back(vec![
        Found::Nowhere,
        Found::There(None),
        Found::At { place: None },
        Found::Between(None, Some(1)),
    ]);
    comes_back([Some(Found::There(None)), Some(Found::At { place: None::<u8> }), Some(Found::Nowhere), None]);
    comes_back(quote(-0.0, Some(f32::MIN_POSITIVE)));
    comes_back((i128::MIN, u128::MAX, 'é', "a \"text\"".to_owned(), true));
    comes_back(BTreeMap::from([(1_u8, Some(f64::MAX)), (2, None)]));
    comes_back(serde_json::json!({ "a": null, "b": [1, null, 0.5], "c": Some(1) }));
}

#[test]
fn a_number_that_is_infinite_or_none_is_refused_with_its_place() {
    let error = refused(&f64::NAN);
    assert!(
        error.starts_with("a `f64` cannot be written as JSON: JSON has no number that is infinite or none"),
        "{error}"
    );
    assert!(error.ends_with("use an `Option` or a text"), "the value itself has no place: {error}");
    assert!(refused(&f32::INFINITY).contains("infinite"));
    assert!(refused(&Some(f64::NEG_INFINITY)).contains("infinite"));
    let error = refused(&[quote(1.0, None), quote(f64::INFINITY, None)]);
    assert!(error.ends_with("(at `1.prices.1.1`)"), "{error}");
    let error = refused(&quote(1.0, Some(f32::NAN)));
    assert!(error.contains("Quote` cannot"), "{error}");
    assert!(error.ends_with("(at `by_venue.second`)"), "{error}");
    assert!(refused(&Found::There(f64::NAN)).ends_with("(at `There`)"));
    assert!(refused(&Found::At { place: f64::NAN }).ends_with("(at `place`)"));
    assert!(refused(&Found::Between(1.0, f64::NAN)).ends_with("(at `1`)"));
}

#[test]
fn a_some_that_json_would_give_back_as_none_is_refused_with_its_place() {
    let error = refused(&Some(None::<u8>));
    assert!(
        error.starts_with("a `core::option::Option<core::option::Option<u8>>` cannot be written as JSON"),
        "{error}"
    );
    assert!(error.contains("would give it back as `None`"), "{error}");
    assert!(refused(&Some(())).contains("as `None`"));
    assert!(refused(&Some(Nothing)).contains("as `None`"));
    assert!(refused(&Some(Wrapped(None::<u8>))).contains("as `None`"));
    assert!(refused(&Some(Some(Wrapped(Nothing)))).contains("as `None`"));
    assert!(refused(&Some(serde_json::Value::Null)).contains("as `None`"));
    let error = refused(&BTreeMap::from([("a", vec![Some(None), Some(Some(1))])]));
    assert!(error.ends_with("(at `a.0`)"), "{error}");
}

#[test]
fn json_that_was_not_read_goes_through_as_it_is() {
    let raw = serde_json::value::RawValue::from_string(r#"{"a": [1,  null]}"#.to_owned()).unwrap();
    assert_eq!(Json::encode(&(&raw, 1)).unwrap(), br#"[{"a": [1,  null]},1]"#);
}
