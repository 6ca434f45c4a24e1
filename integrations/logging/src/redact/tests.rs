use super::*;

fn clean(text: &str) -> String {
    Redactor::default().clean(text.to_owned())
}

#[test]
fn names_are_told_however_their_words_are_joined() {
    let names = SecretNames::default();
    for name in [
        "password",
        "DB_PASSWORD",
        "dbPassword",
        "api-key",
        "apiKey",
        "X-Api-Key",
        "http.request.header.authorization",
        "Set-Cookie",
        "private_key",
        "access_token",
        "client.secret",
        &format!("{}_token", "long_".repeat(40)),
    ] {
        assert!(names.is_secret(name, false), "{name}");
    }
    for name in ["user", "path", "author", "key", "pass", "status", ""] {
        assert!(!names.is_secret(name, false), "{name}");
    }
    assert!(!names.is_secret("tokens", true) && !names.is_secret("token_count", true));
    assert!(names.is_secret("password", true) && names.is_secret("tokens", false));
    let mut names = names;
    names.add("Account No");
    names.allow("token_type");
    assert!(names.is_secret("account_no", true) && !names.is_secret("tokenType", false));
}

#[test]
fn secrets_in_texts_are_replaced_and_the_rest_is_kept() {
    for (text, expected) in [
        ("user=a password=hunter2 ok", "user=a password=[redacted] ok"),
        ("password: hunter2, next", "password: [redacted], next"),
        (r#"{"password":"hunter2","user":"a"}"#, r#"{"password":"[redacted]","user":"a"}"#),
        (r#"{"password" : "hun\"ter2"} x"#, r#"{"password" : "[redacted]"} x"#),
        (r#"body="{\"token\":\"hunter2\",\"a\":1}""#, r#"body="{\"token\":\"[redacted]\",\"a\":1}""#),
        (r#"Login { user: "a", password: "hun ter2" }"#, r#"Login { user: "a", password: "[redacted]" }"#),
        (r#"Login { password: Some("hun ter2"), a: 1 }"#, "Login { password: [redacted], a: 1 }"),
        (r#"Login { secret: Secret { inner: "hun}ter2" }, a: 1 }"#, "Login { secret: [redacted], a: 1 }"),
        (r#"tokens: ["hun", "ter2"], a"#, "tokens: [redacted], a"),
        ("GET /x?user=a&api_key=hunter2&b=1", "GET /x?user=a&api_key=[redacted]&b=1"),
        ("Authorization: Basic aHVudGVyMg==", "Authorization: [redacted]"),
        (
            "Authorization: Digest a=\"a\", response=\"hunter2\"\nAccept: x",
            "Authorization: [redacted]\nAccept: x",
        ),
        ("cookie: a=1; sid=hunter2\nHost: b", "cookie: [redacted]\nHost: b"),
        ("token: Bearer hunter2", "token: [redacted]"),
        ("sent Bearer abc.def-123 there", "sent Bearer [redacted] there"),
        ("sent bearer\tabcdef there", "sent bearer\t[redacted] there"),
        ("Basic authentication failed", "Basic authentication failed"),
        ("Basic aHVudGVyMg==", "Basic [redacted]"),
        ("jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln!", "jwt [redacted]!"),
        ("postgres://app:hunter2@db/x", "postgres://app:[redacted]@db/x"),
        ("postgres://app:hun@ter2@db:5432/x", "postgres://app:[redacted]@db:5432/x"),
        ("redis://:hun/ter2@cache", "redis://:[redacted]@cache"),
        ("http://localhost:8080/a@b", "http://localhost:8080/a@b"),
        ("https://user@host/x", "https://user@host/x"),
        ("https://0123456789abcdef0123@host/x", "https://[redacted]@host/x"),
        ("run --password hunter2 --user a", "run --password [redacted] --user a"),
        ("headers[\"x-api-key\"] = \"hunter2\"", "headers[\"x-api-key\"] = \"[redacted]\""),
        ("{:token=>\"hunter2\"}", "{:token=>\"[redacted]\"}"),
        ("-----BEGIN RSA PRIVATE KEY-----\nhunter2\n-----END RSA PRIVATE KEY----- after", "[redacted] after"),
        ("-----BEGIN PRIVATE KEY-----\nhunter2", "[redacted]"),
        ("-----BEGIN CERTIFICATE-----\nabc", "-----BEGIN CERTIFICATE-----\nabc"),
        ("key ghp_0123456789abcdef0123 used", "key [redacted] used"),
        ("key AKIAIOSFODNN7EXAMPLE1 used", "key [redacted] used"),
        ("token::parse failed, tokens: 5, max_tokens=7", "token::parse failed, tokens: 5, max_tokens=7"),
        ("the token expired", "the token expired"),
        ("", ""),
    ] {
        assert_eq!(clean(text), expected, "{text}");
    }
}

#[test]
fn registered_values_and_long_keys_are_replaced_where_asked() {
    let mut redactor = Redactor::default();
    let key = "deadbeef".repeat(8);
    assert_eq!(redactor.clean(format!("hash {key}")), format!("hash {key}"));
    redactor.rules.long_keys = true;
    redactor.hide("correct horse".into());
    redactor.hide("ab".into());
    assert_eq!(
        redactor.clean(format!("hash 0x{key}, it is correct horse, abc")),
        "hash [redacted], it is [redacted], abc"
    );
    redactor.turn_off();
    assert_eq!(redactor.clean("password=x".into()), "password=x");
}

/// Secrets in every place that is promised, between random texts.
#[test]
fn a_secret_never_gets_through() {
    let mut random = fastrand::Rng::with_seed(41);
    let noise = |random: &mut fastrand::Rng| -> String {
        let pieces = [
            "user", " ", "=", ":", "\"", "{", "}", "é", "\n", "://", "@", ",", "\\", "[", "(", "token",
            "Bearer", "ok", "-----",
        ];
        (0..random.usize(..6)).map(|_| pieces[random.usize(..pieces.len())]).collect()
    };
    for _ in 0..20_000 {
        let length = random.usize(12..40);
        let secret: String = std::iter::repeat_with(|| random.alphanumeric()).take(length).collect();
        let name = ["password", "access_token", "apiKey", "DB_SECRET", "client-secret", "privateKey"]
            [random.usize(..6)];
        let part = match random.u8(..9) {
            0 => format!("{name}={secret}"),
            1 => format!("{name}: {secret}"),
            2 => format!("{:?}", std::collections::BTreeMap::from([(name, format!("{secret} {secret}"))])),
            3 => format!("{:?}", format!("{{\"{name}\":\"{secret}\"}}")),
            4 => format!("{name}: {:?}", Some(Some(format!("a {secret}")))),
            5 => format!("Bearer {secret}"),
            6 => format!("amqp://user:{secret}@host/x"),
            7 => format!("eyJ{secret}.{secret}.{secret}"),
            _ => format!("{name}={}", serde_json::json!({ "nested": [secret.clone(), { "deep": secret }] })),
        };
        let text = format!("{} {part} {}", noise(&mut random), noise(&mut random));
        let cleaned = clean(&text);
        assert!(!cleaned.contains(&secret), "{text:?} became {cleaned:?}");
    }
}

/// Texts that are made to keep the scan busy: the time grows with their length, not with its square.
#[test]
fn hostile_texts_are_not_looked_through_over_and_over() {
    for part in [
        "password: [",
        "password=\"",
        "a://",
        "://a:",
        "Bearer ",
        "eyJ.",
        "-----BEGIN ",
        "token={",
        "\\\"secret\\\":\\\"",
    ] {
        assert_ne!(clean(&part.repeat(20_000)), "");
    }
}
