use mainstay_logging::{Json, Pretty};
use serde_json::json;

use crate::support::{Page, lines, quiet, under};

#[derive(Debug)]
#[allow(dead_code, reason = "read by Debug")]
struct Login {
    user: &'static str,
    password: String,
}

/// Every way by which a text can come into a line, in every format and into a file.
#[test]
fn a_secret_gets_through_nowhere() {
    let folder = tempfile::tempdir().unwrap();
    let (pretty, coloured, machine) = (Page::default(), Page::default(), Page::default());
    let secrets = ["s3cr3t-one", "s3cr3t two", "s3cr3t\nthree", "s3cr3t\"four"];
    let logging = quiet()
        .log_dir(folder.path())
        .hide("s3cr3t-hidden")
        .redact("account no")
        .output(pretty.clone(), Pretty::new(false))
        .output(coloured.clone(), Pretty::new(true))
        .output(machine.clone(), Json::default());
    under(logging, |_| {
        for secret in secrets {
            tracing::info!(password = secret, "a field");
            tracing::info!(db.password = %secret, api_key = ?secret, AccountNo = secret, "fields");
            tracing::info!(login = ?Login { user: "ada", password: secret.into() }, "a struct");
            tracing::info!("{:?}", Login { user: "ada", password: secret.into() });
            tracing::info!(body = %json!({ "token": secret, "nested": { "secret": [secret] } }), "JSON");
            tracing::info!(request = ?json!({ "token": secret }).to_string(), "JSON in a text in a text");
            tracing::info_span!("login", token = secret).in_scope(|| tracing::info!("in a span"));
            let error =
                std::io::Error::other(format!("{:?}", Login { user: "ada", password: secret.into() }));
            tracing::error!(error = &error as &dyn std::error::Error, "an error");
        }
        tracing::info!(pin = 1, password = 31_337, "a number");
        tracing::info!(
            "GET /x?api_key=s3cr3t-five HTTP/1.1, Authorization: Bearer s3cr3t-six, s3cr3t-hidden"
        );
        tracing::info!(url = "postgres://app:s3cr3t-seven@db/x", "connecting");
        tracing::info!(header = "Bearer s3cr3t-eight", "sent");
    });
    let file = std::fs::read_to_string(folder.path().join("prophet.log")).unwrap();
    for text in [pretty.text(), coloured.text(), machine.text(), file] {
        assert!(!text.contains("s3cr3t") && !text.contains("31337"), "{text}");
        assert!(text.matches("[redacted]").count() > 30 && text.contains("ada"));
    }
}

#[test]
fn what_is_shown_by_name_and_what_is_not_redacted_at_all_comes_through() {
    let shown = lines(quiet().show("token_type"), |_| tracing::info!(token_type = "mac", tokens = 5, "a"));
    assert_eq!((&shown[0]["token_type"], &shown[0]["tokens"]), (&json!("mac"), &json!(5)));
    let all = lines(quiet().without_redaction(), |_| tracing::info!(password = "plain", "password=plain"));
    assert_eq!((&all[0]["password"], &all[0]["message"]), (&json!("plain"), &json!("password=plain")));
}
