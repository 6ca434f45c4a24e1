use mainstay::{
    metered,
    metrics::{TextFormat, registry},
    trace::{self, SpanContext},
};

#[test]
fn a_call_in_a_sampled_span_is_its_buckets_exemplar() {
    #[metered("exemplars.call")]
    fn call() {}
    let header = |flags: &str| format!("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-{flags}");
    let within = |flags: &str| {
        let _attached = trace::attach(SpanContext::from_traceparent(&header(flags)));
        call();
        let text = registry().encode(TextFormat::OpenMetrics);
        let first = "mainstay_function_duration_seconds_bucket{function=\"exemplars.call\",le=\"0.005\"}";
        text.lines().find(|line| line.starts_with(first)).unwrap().to_owned()
    };
    assert!(!within("00").contains('#'), "it is not sampled");
    let line = within("01");
    let expected = " # {trace_id=\"4bf92f3577b34da6a3ce929d0e0e4736\",span_id=\"00f067aa0ba902b7\"} ";
    assert!(line.contains(expected), "{line}");
}
