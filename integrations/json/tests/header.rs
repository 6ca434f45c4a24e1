//! The header `Idempotency-Key`.
#![allow(clippy::unwrap_used, reason = "helpers of tests fail the test")]

use mainstay_json::{HeaderError, IdempotencyKey, client_key_of_header};

#[test]
fn a_string_in_quotes_is_the_clients_key() {
    for (value, key) in [
        (r#""8e03978e-40d5-43dd-bc93-6894a57f9324""#, "8e03978e-40d5-43dd-bc93-6894a57f9324"),
        (r#"  "spaces around" "#, "spaces around"),
        (r#""a quote \" and a backslash \\""#, r#"a quote " and a backslash \"#),
        (r#""with parameters";a=1;b="two";c"#, "with parameters"),
        (r#""""#, ""),
    ] {
        assert_eq!(client_key_of_header(value).unwrap(), key);
    }
}

#[test]
fn a_key_without_quotes_is_told_how_to_write_it() {
    for value in ["8e03978e-40d5-43dd-bc93-6894a57f9324", "abc", "17", "?1", ":YWJj:", "abc;a=1"] {
        let error = client_key_of_header(value).unwrap_err();
        assert!(matches!(error, HeaderError::NotAString), "{value}: {error:?}");
        assert!(error.to_string().contains("Idempotency-Key: \"8e03978e"), "{error}");
    }
}

#[test]
fn what_is_no_structured_item_is_refused_with_its_place() {
    for value in [
        "",
        "\"",
        "\"open",
        "\"bad \\escape\"",
        "\"two\" \"items\"",
        "\"a\", \"b\"",
        "\"control \u{7}\"",
        "\"caf\u{e9}\"",
        "\"a\";A=1",
        "\u{a0}\"a\"",
    ] {
        let error = client_key_of_header(value).unwrap_err();
        assert!(matches!(error, HeaderError::Malformed { .. }), "{value}: {error:?}");
    }
    assert!(matches!(client_key_of_header([0xff, 0xfe]), Err(HeaderError::Malformed { .. })));
}

#[test]
fn a_key_that_is_too_long_is_refused_unread() {
    let value = |length: usize| format!("\"{}\"", "a".repeat(length));
    assert!(matches!(client_key_of_header(value(5000)), Err(HeaderError::TooLong { bytes: 5002, .. })));
    assert!(IdempotencyKey::from_header(7, "pay", value(255)).is_ok());
    let error = IdempotencyKey::from_header(7, "pay", value(256)).unwrap_err();
    assert!(error.to_string().contains("`client_key` is longer than 255 bytes"), "{error}");
}

#[test]
fn the_header_gives_the_key_of_that_user_and_operation() {
    let key = IdempotencyKey::from_header("ann", "pay", "\"k-1\"").unwrap();
    assert_eq!(key, IdempotencyKey::from_client_key("ann", "pay", "k-1").unwrap());
    assert!(
        IdempotencyKey::from_header("ann", "pay", "\"  \"").unwrap_err().to_string().contains("is empty")
    );
}

/// Any bytes, and those of good headers with some of them changed, lost or doubled.
#[test]
fn no_value_makes_it_panic() {
    let seed = 7;
    let mut random = fastrand::Rng::with_seed(seed);
    let good: [&[u8]; 4] =
        [b"\"8e03978e\"", b"\"a\\\"b\\\\\";p=\"x\";q=:YWI=:;r=1.5", b"tok/en;a=?0", b"%\"d%c3%a9\";d=@1"];
    for _ in 0..200_000 {
        let mut value = match random.bool() {
            true => good[random.usize(..good.len())].to_vec(),
            false => (0..random.usize(..40)).map(|_| random.u8(..)).collect(),
        };
        for _ in 0..random.usize(..4) {
            let at = random.usize(..=value.len());
            match random.u8(..3) {
                0 => value.insert(at, *random.choice(b"\"\\;=:,?@%\0\x7f\xff az09").unwrap()),
                1 if at < value.len() => value[at] = random.u8(..),
                _ => value.truncate(at),
            }
        }
        if let Ok(key) = client_key_of_header(&value) {
            assert!(key.bytes().all(|byte| (0x20..0x7f).contains(&byte)), "{value:?}");
            let _ = IdempotencyKey::from_client_key(1, "op", &key);
        }
    }
}
