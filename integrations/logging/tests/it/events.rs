use std::{fmt, time::Duration};

use mainstay_logging::{Format, Pretty, Record};
use mainstay_runtime::{
    Error,
    clock::ManualClock,
    context::{Context, InContextExt},
    trace::{self, SpanContext},
};
use serde_json::json;

use crate::support::{Page, lines, messages, quiet, under};

#[test]
fn a_line_holds_what_was_said_and_where() {
    let lines = lines(quiet(), |_| {
        let span = tracing::info_span!("checkout", order = 7, total = tracing::field::Empty);
        span.in_scope(|| {
            tracing::info_span!("pay").in_scope(|| {
                span.record("total", 500);
                tracing::info!(cents = 500_u64, who = %"Ada", what = ?Some(1), share = 0.5, paid = true, "charged {}", 7);
            });
        });
    });
    let line = &lines[0];
    assert_eq!(
        (&line["service"], &line["environment"], &line["level"]),
        (&json!("prophet"), &json!("test"), &json!("info"))
    );
    assert_eq!((&line["message"], &line["target"]), (&json!("charged 7"), &json!("it::events")));
    assert_eq!(
        [&line["cents"], &line["who"], &line["what"]],
        [&json!(500), &json!("Ada"), &json!("Some(1)")]
    );
    assert_eq!([&line["share"], &line["paid"]], [&json!(0.5), &json!(true)]);
    assert_eq!(line["spans"], json!([{ "name": "checkout", "order": 7, "total": 500 }, { "name": "pay" }]));
    assert_eq!(line.get("request_id"), None);
}

#[tokio::test]
async fn a_line_holds_the_ids_of_its_request_and_of_its_span() {
    let context = Context::correlated("order-7".parse().unwrap());
    let span = SpanContext::from_traceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    let lines = lines(quiet(), |_| {
        context.scope(|| {
            let _attached = trace::attach(span);
            tracing::info!("inside");
            tracing::info!(request_id = "forged", trace_id = "forged", "inside");
        });
        tracing::info!("outside");
    });
    for line in &lines[..2] {
        assert_eq!(
            (&line["correlation_id"], &line["request_id"]),
            (&json!("order-7"), &json!(context.request_id().as_str()))
        );
        assert_eq!(line["trace_id"], json!("4bf92f3577b34da6a3ce929d0e0e4736"));
        assert_eq!(line["span_id"], json!("00f067aa0ba902b7"));
    }
    assert_eq!(lines[1]["request_id_"], json!("forged"));
    assert!(lines[2].get("correlation_id").is_none() && lines[2].get("trace_id").is_none());
}

#[test]
fn what_policies_report_carries_the_ids_of_the_call_they_refuse() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let bulkhead = mainstay_runtime::bulkhead::Bulkhead::builder(1).build("render").unwrap();
    let context = Context::new();
    let lines = lines(quiet().level("debug"), |_| {
        context.scope(|| {
            let _permit = bulkhead.try_enter().unwrap();
            assert!(matches!(bulkhead.try_enter(), Err(Error::BulkheadFull { .. })));
        });
    });
    let refused = lines.iter().find(|line| line["target"] == "mainstay").unwrap();
    assert_eq!((&refused["policy"], &refused["kind"]), (&json!("render"), &json!("bulkhead_full")));
    assert_eq!(refused["request_id"], json!(context.request_id().as_str()));
}

#[tokio::test]
async fn a_task_logs_under_the_ids_of_who_started_it() {
    let page = Page::default();
    let (layer, guard) = quiet().output(page.clone(), mainstay_logging::Json::default()).layer().unwrap();
    use tracing_subscriber::layer::SubscriberExt;
    let _default = tracing::subscriber::set_default(tracing_subscriber::registry().with(layer));
    let context = Context::new();
    let work = async { mainstay_runtime::context::spawn(async { tracing::info!("in a task") }).await };
    work.in_context(context.clone()).await.unwrap();
    drop(guard);
    assert_eq!(page.lines()[0]["request_id"], json!(context.request_id().as_str()));
}

struct Panics;

impl fmt::Display for Panics {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        std::panic::resume_unwind(Box::new("in Display"))
    }
}

struct Fails;

impl fmt::Debug for Fails {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Err(fmt::Error)
    }
}

struct Logs;

impl fmt::Display for Logs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        tracing::info!("from within");
        f.write_str("said")
    }
}

#[test]
// `tracing` itself lets nothing through that is logged within a line, where a subscriber is set for a part of a program.
fn a_value_that_panics_fails_or_logs_while_it_is_written_ends_nothing() {
    let lines = lines(quiet(), |_| {
        tracing::info!(value = %Panics, other = 1, "first");
        tracing::info!(value = ?Fails, "second");
        tracing::info!("{}", Panics);
        tracing::info!(value = %Logs, "fourth");
        tracing::info_span!("span", value = %Panics).in_scope(|| tracing::info!("fifth"));
    });
    assert_eq!(messages(&lines), ["first", "second", "[panicked while formatting]", "fourth", "fifth"]);
    assert_eq!((&lines[0]["value"], &lines[0]["other"]), (&json!("[panicked while formatting]"), &json!(1)));
    assert_eq!(lines[1]["value"], json!("[failed to format]"));
    assert_eq!(lines[3]["value"], json!("said"));
}

#[test]
fn a_value_beyond_measure_is_cut_and_says_so() {
    let lines = lines(quiet(), |_| tracing::info!(value = "é".repeat(1 << 20), "long"));
    let value = lines[0]["value"].as_str().unwrap();
    assert!(
        value.len() < 40_000 && value.ends_with("… [2064384 bytes left out]"),
        "{}",
        &value[value.len() - 60..]
    );
}

#[test]
fn errors_are_written_with_their_causes() {
    let error = std::io::Error::other(Error::timed_out("bank", Duration::from_secs(2)));
    let page = Page::default();
    under(quiet().output(page.clone(), Pretty::new(false)), |_| {
        tracing::error!(error = &error as &dyn std::error::Error, "charge failed");
    });
    assert!(page.text().contains("charge failed"), "{}", page.text());
    let lines =
        lines(quiet(), |_| tracing::error!(error = &error as &dyn std::error::Error, "charge failed"));
    assert!(lines[0]["error"].as_str().unwrap().contains("bank"), "{}", lines[0]);
}

struct Breaks;

impl Format for Breaks {
    fn write(&self, record: &Record<'_>, line: &mut String) {
        if record.message == "bad" {
            std::panic::resume_unwind(Box::new("in a format"));
        }
        line.push_str(record.message);
        line.push('\n');
    }
}

#[test]
fn a_format_of_ones_own_may_panic_and_the_other_places_get_the_line() {
    let (own, page) = (Page::default(), Page::default());
    let logging = quiet().output(own.clone(), Breaks).output(page.clone(), mainstay_logging::Json::default());
    under(logging, |_| ["a", "bad", "b"].iter().for_each(|message| tracing::info!("{message}")));
    assert_eq!(own.text(), "a\nb\n");
    assert_eq!(messages(&page.lines()), ["a", "bad", "b"]);
}

#[test]
fn lines_that_repeat_are_left_out_and_then_counted_once() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let lines = lines(quiet().sample(2, Duration::from_secs(3600)), |_| {
        for n in 0..10 {
            tracing::warn!(n, "the cache is away");
        }
        tracing::info!("another place");
        clock.advance(Duration::from_secs(3600));
        tracing::info!("the next hour");
        for _ in 0..3 {
            tracing::info!("left out at the end");
        }
    });
    let expected = [
        "the cache is away",
        "the cache is away",
        "another place",
        "the cache is away … repeated 8 times",
        "the next hour",
        "left out at the end",
        "left out at the end",
        "left out at the end … repeated 1 times",
    ];
    assert_eq!(messages(&lines), expected);
    assert_eq!((&lines[3]["repeated"], &lines[3]["level"]), (&json!(8), &json!("warn")));
}
