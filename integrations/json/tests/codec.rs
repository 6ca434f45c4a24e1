//! The codec of stores.
#![allow(missing_docs)]
#![allow(clippy::unwrap_used, reason = "helpers of tests fail the test")]

use mainstay_json::Json;
use mainstay_runtime::store::{Decode, Encode};

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
