//! The end of a program, and programs told by their environment: real processes.

use std::process::{Command, Output};

use mainstay_otlp::setup_tracing;

use crate::{
    child,
    collector::{Collector, Reply, Speaks},
    support::{LONG, WAYS, alone, config, counted, set_up, spans},
};

fn run(work: &str, variables: &[(&str, &str)]) -> Output {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "--ignored", "--nocapture", "child::works"]).env(child::WORK, work);
    // What this machine wants of its programs is nothing to the tests.
    let heard = ["JAEGER_ENDPOINT", "TRACE_SAMPLE_RATE", "ENVIRONMENT"];
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy().to_ascii_uppercase();
        if text.starts_with("OTEL_") || text.ends_with("_PROXY") || heard.contains(&&*text) {
            command.env_remove(name);
        }
    }
    command.envs(variables.iter().copied()).output().unwrap()
}

fn told(output: &Output, what: &str) -> Option<u64> {
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let value = text.lines().find_map(|line| line.strip_prefix(what)?.strip_prefix('='));
    value.map(|value| value.trim().parse().unwrap())
}

#[test]
fn of_a_hundred_thousand_spans_at_exit_each_arrives_or_is_counted() {
    for speaks in WAYS {
        let collector = Collector::new(*speaks);
        let protocol = match speaks {
            Speaks::Http => "http/protobuf",
            Speaks::HttpJson => "http/json",
            Speaks::Grpc => "grpc",
        };
        let variables =
            [("OTEL_EXPORTER_OTLP_ENDPOINT", &*collector.url()), ("OTEL_EXPORTER_OTLP_PROTOCOL", protocol)];
        let output = run("many", &variables);
        let (exported, dropped) = (told(&output, "exported").unwrap(), told(&output, "dropped").unwrap());
        println!("{speaks:?}, default queue: {exported} exported, {dropped} dropped");
        assert_eq!(exported + dropped, 100_000);
        assert_eq!(collector.spans().len() as u64, exported);
        // With room for all of them all arrive.
        let output = run("many", &[&variables[..], &[("OTEL_BSP_MAX_QUEUE_SIZE", "100000")]].concat());
        assert_eq!((told(&output, "exported"), told(&output, "dropped")), (Some(100_000), Some(0)));
        assert_eq!(collector.spans().len() as u64, exported + 100_000);
    }
}

#[test]
fn a_guard_that_is_dropped_sends_what_is_left() {
    let collector = Collector::new(Speaks::Http);
    let output = run("drop", &[("OTEL_EXPORTER_OTLP_ENDPOINT", &collector.url())]);
    assert!(output.status.success());
    assert_eq!(collector.spans().len(), 10);
}

#[test]
fn a_program_ends_although_its_collector_hangs() {
    let collector = Collector::always(Speaks::Http, Reply::Hang);
    let output = run("hasty", &[("OTEL_EXPORTER_OTLP_ENDPOINT", &collector.url())]);
    assert!(output.status.success());
    assert_eq!((told(&output, "exported"), told(&output, "dropped")), (Some(0), Some(10)));
}

#[test]
fn the_environment_says_where_spans_go_and_whose_they_are() {
    let collector = Collector::new(Speaks::Http);
    let url = format!("{}/v1/traces", collector.url());
    let variables = [
        ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", &*url),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "api-key=s%20e"),
        ("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip"),
        ("OTEL_SERVICE_NAME", "told"),
        ("OTEL_RESOURCE_ATTRIBUTES", "service.version=7,team=a"),
        ("ENVIRONMENT", "staging"),
    ];
    assert!(run("drop", &variables).status.success());
    let [received] = &*collector.received() else { panic!() };
    assert_eq!(
        (received.header("api-key"), received.header("content-encoding")),
        (Some("s e"), Some("gzip"))
    );
    let resource = format!("{:?}", received.body.resource_spans[0].resource);
    for value in ["\"told\"", "\"7\"", "\"a\"", "\"staging\""] {
        assert!(resource.contains(value), "{resource}");
    }
}

#[test]
fn the_rows_own_variables_do_as_well() {
    let collector = Collector::new(Speaks::Http);
    let url = collector.url();
    let variables = [("JAEGER_ENDPOINT", &*url), ("TRACE_SAMPLE_RATE", "0"), ("ENVIRONMENT", "production")];
    assert!(run("drop", &variables).status.success());
    assert!(collector.received().is_empty());
    assert!(run("drop", &[("JAEGER_ENDPOINT", &*url), ("TRACE_SAMPLE_RATE", "1")]).status.success());
    assert_eq!(collector.spans().len(), 10);
}

#[test]
fn the_switch_turns_it_off() {
    let collector = Collector::new(Speaks::Http);
    let variables = [("OTEL_EXPORTER_OTLP_ENDPOINT", &*collector.url()), ("OTEL_SDK_DISABLED", "true")];
    let output = run("hasty", &variables);
    assert_eq!((told(&output, "exported"), told(&output, "dropped")), (Some(0), Some(0)));
    assert!(collector.received().is_empty());
}

#[test]
fn spans_are_printed_where_the_environment_wants_it() {
    let output = run("drop", &[("OTEL_TRACES_EXPORTER", "console")]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(text.lines().filter(|line| line.contains(" shop: pick trace=")).count(), 10, "{text}");
}

#[test]
fn a_wrong_variable_ends_the_setup_and_says_what_to_write() {
    let output = run("drop", &[("OTEL_EXPORTER_OTLP_ENDPOINT", "jaeger:4318")]);
    assert!(!output.status.success());
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    let expected =
        "environment variable `OTEL_EXPORTER_OTLP_ENDPOINT` is `jaeger:4318`: write it with `http://`";
    assert!(text.contains(expected), "{text}");
}

#[test]
fn a_process_has_one_at_a_time() {
    let _alone = alone();
    let collector = Collector::new(Speaks::Http);
    let first = set_up(&config(&collector));
    let error = setup_tracing(config(&collector)).unwrap_err();
    assert!(error.to_string().contains("installed already"), "{error}");
    spans(1);
    assert_eq!(first.shutdown(LONG), counted(1, 0, 0));
    let second = set_up(&config(&collector));
    second.tracer("by hand").start_span("place").end();
    assert_eq!(second.shutdown(LONG), counted(1, 0, 0));
}
