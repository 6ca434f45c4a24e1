use std::time::{Duration, SystemTime};

use mainstay_runtime::{context::Context, trace::SpanContext};
use serde_json::{Value as Parsed, json};
use tracing::Level;

use super::{time::rfc3339, *};
use crate::record::{Field, Span, Value};

fn at(seconds: u64, micros: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds) + Duration::from_micros(micros)
}

fn record<'r>(message: &'r str, fields: &'r [Field], spans: &'r [Span]) -> Record<'r> {
    Record {
        time: at(1_795_272_149, 123_456),
        level: Level::INFO,
        is_success: false,
        service: "prophet",
        environment: "production",
        target: "prophet::api",
        message,
        fields,
        spans,
        context: None,
        span: None,
        place: None,
    }
}

fn written(format: &impl Format, record: &Record<'_>) -> String {
    let mut line = String::new();
    format.write(record, &mut line);
    line
}

fn parsed(record: &Record<'_>) -> Parsed {
    let line = written(&Json::default(), record);
    assert!(line.ends_with('\n') && line.matches('\n').count() == 1, "{line:?}");
    serde_json::from_str(&line).unwrap()
}

#[test]
fn times_are_those_of_the_calendar() {
    for (time, expected) in [
        (at(0, 0), "1970-01-01T00:00:00.000000Z"),
        (at(951_782_399, 999_999), "2000-02-28T23:59:59.999999Z"),
        (at(951_782_400, 0), "2000-02-29T00:00:00.000000Z"),
        (at(951_868_800, 0), "2000-03-01T00:00:00.000000Z"),
        (at(1_795_272_149, 1), "2026-11-21T14:42:29.000001Z"),
        (at(4_102_444_799, 0), "2099-12-31T23:59:59.000000Z"),
        (at(4_107_542_400, 0), "2100-03-01T00:00:00.000000Z"),
        (SystemTime::UNIX_EPOCH - Duration::from_secs(1), "1970-01-01T00:00:00.000000Z"),
    ] {
        assert_eq!(rfc3339(time).to_string(), expected);
    }
    assert_eq!(stamp(at(1_795_272_149, 1_000)).to_string(), "20261121T144229.001Z");
}

#[test]
fn a_json_line_holds_everything_once() {
    let fields = [
        Field::new("order", Value::Uint(7)),
        Field::new("share", Value::Float(0.5)),
        Field::new("whole", Value::Float(2.0)),
        Field::new("odd", Value::Float(f64::NAN)),
        Field::new("change", Value::Int(-3)),
        Field::new("paid", Value::Bool(true)),
        Field::new("level", Value::Text("high".into())),
        Field::new("level_", Value::Text("higher".into())),
        Field::new("error", Value::Error(vec!["no answer".into(), "timed out".into()])),
    ];
    let spans = [Span { name: "checkout", fields: vec![Field::new("name", Value::Text("a".into()))] }];
    let context = Context::of("c".parse().unwrap(), "r".parse().unwrap());
    let span = SpanContext::from_traceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    let record = Record { context: Some(&context), span, ..record("charged", &fields, &spans) };
    let expected = json!({
        "timestamp": "2026-11-21T14:42:29.123456Z", "level": "info", "service": "prophet", "environment": "production",
        "target": "prophet::api", "message": "charged",
        "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736", "span_id": "00f067aa0ba902b7",
        "request_id": "r", "correlation_id": "c",
        "order": 7, "share": 0.5, "whole": 2.0, "odd": "NaN", "change": -3, "paid": true,
        "level_": "high", "level__": "higher", "error": "no answer: timed out",
        "spans": [{ "name": "checkout", "name_": "a" }],
    });
    assert_eq!(parsed(&record), expected);
    let place = Some(("src/api.rs", 7));
    assert_eq!(parsed(&Record { level: Level::ERROR, place, ..record })["file"], "src/api.rs:7");
}

/// Texts that try to end a line, a value or a terminal's mode.
const HOSTILE: [&str; 8] = [
    "a\n2026-11-21 ERROR forged",
    "a\r\nb",
    "a\u{1b}[2J\u{1b}[31mred",
    "a\u{9b}31mb\u{7f}",
    "a\",\"level\":\"error\",\"x\":\"",
    "a\\\",\"b",
    "a\u{2028}b\u{202e}c\u{0}",
    "naïve — 漢字 🚀",
];

#[test]
fn json_gives_back_what_was_said_and_nothing_else() {
    for text in HOSTILE {
        let fields = [Field::new("value", Value::Text(text.into())), Field::new(text, Value::Bool(true))];
        let spans = [Span { name: "s", fields: vec![Field::new("value", Value::Text(text.into()))] }];
        let parsed = parsed(&record(text, &fields, &spans));
        assert_eq!((&parsed["message"], &parsed["value"]), (&json!(text), &json!(text)));
        assert_eq!((&parsed[text], &parsed["spans"][0]["value"]), (&json!(true), &json!(text)));
        assert_eq!(parsed.as_object().unwrap().len(), 9);
        let line = written(&Json::default(), &record(text, &fields, &spans));
        assert!(!line.trim_end_matches('\n').chars().any(char::is_control), "{line:?}");
    }
}

#[test]
fn no_text_passes_for_a_line_of_its_own_or_for_a_terminals_command() {
    for text in HOSTILE {
        let fields = [
            Field::new("value", Value::Text(text.into())),
            Field::new("error", Value::Error(vec![text.into(), text.into()])),
        ];
        let written = written(&Pretty::new(false), &record(text, &fields, &[]));
        let (first, more) = written.trim_end_matches('\n').split_once('\n').unwrap();
        assert!(
            first.starts_with("14:42:29.123  INFO a") || first.starts_with("14:42:29.123  INFO n"),
            "{written:?}"
        );
        assert!(more.lines().all(|line| line.starts_with("                   │ ")), "{written:?}");
        let harmful = |c: char| c.is_control() && c != '\n' || matches!(c, '\u{2028}' | '\u{202e}');
        assert!(!written.chars().any(harmful), "{written:?}");
    }
}

#[test]
fn a_pretty_line_reads_from_left_to_right_and_errors_stand_below() {
    let fields = [
        Field::new("order", Value::Uint(7)),
        Field::new("who", Value::Text("Ada L".into())),
        Field::new("error", Value::Error(vec!["no answer".into(), "timed out\nafter 2s".into()])),
    ];
    let spans = [Span { name: "checkout", fields: vec![Field::new("user", Value::Uint(3))] }];
    let context =
        Context::of("chain".parse().unwrap(), "0f0f0f0f-0000-4000-8000-000000000000".parse().unwrap());
    let record =
        Record { context: Some(&context), level: Level::WARN, ..record("charged\ntwice", &fields, &spans) };
    let expected = "\
14:42:29.123  WARN charged  order=7  who=\"Ada L\"  (prophet::api › checkout{user=3}, request 0f0f0f0f of chain)
                   │ twice
                   │ error: no answer
                   │   caused by: timed out
                   │     after 2s
";
    assert_eq!(written(&Pretty::new(false), &record), expected);
    let coloured = written(&Pretty::new(true), &record);
    assert!(coloured.contains("\u{1b}[33m WARN\u{1b}[0m \u{1b}[1mcharged\u{1b}[0m"), "{coloured:?}");
    let plain = coloured.split('\u{1b}').map(|part| {
        part.split_once('m').map_or(part, |(code, rest)| if code.starts_with('[') { rest } else { part })
    });
    assert_eq!(plain.collect::<String>(), expected);
}
