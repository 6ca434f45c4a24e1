//! Canonical JSON: the vectors, what is refused, and what must hold for all values.
#![allow(missing_docs)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail the test")]

use std::collections::{BTreeMap, HashMap};

use mainstay_json::to_canonical_json;
use serde::{Serialize, Serializer, ser::SerializeStruct};
use serde_json::{Map, Value, json};

fn canonical<T: Serialize + ?Sized>(value: &T) -> String {
    to_canonical_json(value).unwrap_or_else(|error| panic!("{error}"))
}

fn refused<T: Serialize + ?Sized>(value: &T) -> String {
    to_canonical_json(value).unwrap_err().to_string()
}

#[derive(serde::Deserialize)]
struct Vector {
    json: String,
    canonical: String,
}

#[test]
fn python_and_javascript_write_the_same() {
    let vectors: Vec<Vector> = serde_json::from_str(include_str!("vectors/canonical.json")).unwrap();
    assert!(vectors.len() >= 17);
    for vector in vectors {
        let value: Value = serde_json::from_str(&vector.json).unwrap();
        assert_eq!(canonical(&value), vector.canonical);
    }
}

#[test]
fn floats_are_written_as_ecmascript_does() {
    let lines = include_str!("vectors/numbers.txt").lines();
    let mut count = 0;
    for line in lines {
        let (bits, text) = line.split_once(' ').unwrap();
        let float = f64::from_bits(u64::from_str_radix(bits, 16).unwrap());
        assert_eq!(canonical(&float), text, "{bits}");
        count += 1;
    }
    assert_eq!(count, 3000);
}

#[test]
fn integers_are_written_in_full() {
    assert_eq!(canonical(&(u64::MAX, i64::MIN)), format!("[{},{}]", u64::MAX, i64::MIN));
    assert_eq!(canonical(&(u128::MAX, i128::MIN)), format!("[{},{}]", u128::MAX, i128::MIN));
    assert_ne!(canonical(&9_007_199_254_740_993_u64), canonical(&9_007_199_254_740_992_u64));
    assert_eq!(canonical(&(1.0, 1, 1_u8, 1.0_f32)), "[1,1,1,1]", "one number, one text");
}

#[test]
fn an_f32_is_as_short_as_its_json() {
    for float in [0.1_f32, 1.0 / 3.0, 1e-7, 16_777_216.0, f32::MAX, f32::MIN_POSITIVE] {
        let back: f32 = canonical(&float).parse().unwrap();
        assert_eq!(back, float);
        let of_json: Value = serde_json::from_str(&serde_json::to_string(&float).unwrap()).unwrap();
        assert_eq!(canonical(&float), canonical(&of_json));
    }
}

#[test]
fn what_has_no_json_is_refused_with_its_place() {
    #[derive(Serialize)]
    struct Order {
        items: Vec<Item>,
    }
    #[derive(Serialize)]
    struct Item {
        price: f64,
    }
    let order = Order { items: vec![Item { price: 1.0 }, Item { price: f64::NAN }] };
    let error = refused(&order);
    assert!(error.contains("Order` cannot be written as canonical JSON"), "{error}");
    assert!(error.ends_with("infinite or none (at `items.1.price`)"), "{error}");
    assert!(refused(&f32::INFINITY).contains("infinite"));
    assert!(refused(&Some(f64::NEG_INFINITY)).contains("infinite"));
    assert!(refused(&HashMap::from([((1, 2), 3)])).contains("the key of a map"));
    assert!(refused(&BTreeMap::from([(None::<u8>, 3)])).contains("the key of a map"));
}

#[test]
fn a_name_that_occurs_twice_is_refused() {
    #[derive(Serialize)]
    struct Flat {
        id: u8,
        #[serde(flatten)]
        rest: BTreeMap<&'static str, u8>,
    }
    let flat = |name| Flat { id: 1, rest: BTreeMap::from([(name, 2)]) };
    assert_eq!(canonical(&flat("amount")), r#"{"amount":2,"id":1}"#);
    assert!(refused(&[flat("id")]).contains("\"id\" occurs twice in one object (at `0`)"));
    // Both keys are the name "1".
    struct Twins;
    impl Serialize for Twins {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.collect_map([(1.0, 'a'), (2.0, 'b'), (1.0, 'c')])
        }
    }
    assert!(refused(&Twins).contains("\"1\" occurs twice"));
}

/// Every shape that serde knows.
#[derive(Serialize)]
enum Shape {
    Unit,
    Newtype(u8),
    Tuple(u8, bool),
    Struct { z: (), a: char },
}

#[derive(Serialize)]
struct Wrapped<T>(T);

#[derive(Serialize)]
struct Nothing;

#[test]
fn every_shape_of_a_value_is_what_its_json_is() {
    let shapes = [Shape::Unit, Shape::Newtype(1), Shape::Tuple(2, true), Shape::Struct { z: (), a: 'é' }];
    assert_eq!(
        canonical(&shapes),
        r#"["Unit",{"Newtype":1},{"Tuple":[2,true]},{"Struct":{"a":"é","z":null}}]"#
    );
    let keys = (
        BTreeMap::from([(10, 'a'), (9, 'b')]),
        BTreeMap::from([(true, 'a'), (false, 'b')]),
        BTreeMap::from([('y', 1), ('x', 2)]),
        BTreeMap::from([(Wrapped("n"), Some(1)), (Wrapped("m"), None)]),
    );
    assert_eq!(
        canonical(&keys),
        r#"[{"10":"a","9":"b"},{"false":"b","true":"a"},{"x":2,"y":1},{"m":null,"n":1}]"#
    );
    assert_eq!(canonical(&(Nothing, Wrapped(Nothing), Some(Some(1)), *b"ab")), "[null,null,1,[97,98]]");
    assert_eq!(canonical(&Value::from(canonical(&shapes))), canonical(&canonical(&shapes)));
}

impl PartialEq for Wrapped<&str> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl Eq for Wrapped<&str> {}
impl PartialOrd for Wrapped<&str> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Wrapped<&str> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.cmp(other.0)
    }
}

#[test]
fn raw_json_and_numbers_of_arbitrary_precision_are_read_first() {
    let raw = serde_json::value::RawValue::from_string(r#"{ "b": 1.0, "a": [] }"#.to_owned()).unwrap();
    assert_eq!(canonical(&[raw]), r#"[{"a":[],"b":1}]"#);
    // What a `serde_json::Number` is under the feature `arbitrary_precision`, which any crate may turn on.
    struct Number(&'static str);
    impl Serialize for Number {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let mut number = serializer.serialize_struct("$serde_json::private::Number", 1)?;
            number.serialize_field("$serde_json::private::Number", self.0)?;
            number.end()
        }
    }
    assert_eq!(canonical(&[Number("1.50"), Number("18446744073709551616")]), "[1.5,18446744073709551616]");
    assert!(refused(&Number("0.30000000000000000001")).contains("give it as text"));
}

/// A value of any shape, with names that are hard to sort.
fn value(random: &mut fastrand::Rng, depth: u32) -> Value {
    match random.u32(..if depth == 0 { 4 } else { 6 }) {
        0 => [Value::Null, Value::Bool(true), Value::Bool(false)][random.usize(..3)].clone(),
        1 => json!(random.i64(-3..3)),
        2 => match f64::from_bits(random.u64(..)) {
            float if float.is_finite() && float.fract() != 0.0 => json!(float),
            _ => json!(random.u64(..)),
        },
        3 => Value::String(name(random)),
        4 => (0..random.usize(..4)).map(|_| value(random, depth - 1)).collect(),
        _ => {
            let members = (0..random.usize(..6)).map(|_| (name(random), value(random, depth - 1)));
            Value::Object(members.collect::<Map<_, _>>())
        }
    }
}

fn name(random: &mut fastrand::Rng) -> String {
    let letters =
        ['a', 'b', 'A', '1', '"', '\\', '\n', '\u{7f}', 'é', '\u{e000}', '\u{ffff}', '\u{10000}', '😀'];
    (0..random.usize(..4)).map(|_| letters[random.usize(..letters.len())]).collect()
}

/// Writes objects in whatever order.
struct Shuffled<'a>(&'a Value, u64);

impl Serialize for Shuffled<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut random = fastrand::Rng::with_seed(self.1);
        match self.0 {
            Value::Object(members) => {
                let mut members: Vec<_> =
                    members.iter().map(|(name, value)| (name, Self(value, self.1 + 1))).collect();
                random.shuffle(&mut members);
                serializer.collect_map(members)
            }
            Value::Array(values) => {
                serializer.collect_seq(values.iter().map(|value| Self(value, self.1 + 1)))
            }
            value => value.serialize(serializer),
        }
    }
}

#[test]
fn the_order_of_names_never_matters_and_values_that_differ_do() {
    let mut random = fastrand::Rng::with_seed(8785);
    let mut seen: HashMap<String, Value> = HashMap::new();
    for seed in 0..20_000 {
        let value = value(&mut random, 3);
        let text = canonical(&value);
        assert_eq!(canonical(&Shuffled(&value, seed)), text);
        let back: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(canonical(&back), text, "canonical JSON is its own");
        if let Some(other) = seen.insert(text, value.clone()) {
            assert_eq!(other, value);
        }
    }
    assert!(seen.len() > 8_000, "{}", seen.len());
}
