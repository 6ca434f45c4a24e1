use std::time::Duration;

use crate::{
    metrics::{
        Buckets, Descriptor, LabelSet, MetricKind, Registry, Sample, Sink, Snapshot, TextEncoder, TextFormat,
    },
    trace::{self, SpanContext, SpanId, TraceFlags, TraceId},
};

fn span(trace: u64, span: u64, sampled: bool) -> Option<SpanContext> {
    let flags = if sampled { TraceFlags::SAMPLED } else { TraceFlags::NONE };
    Some(SpanContext::new(TraceId::from_halves(0, trace)?, SpanId::from_u64(span)?, flags))
}

fn encoded(format: TextFormat, name: &str, kind: MetricKind, samples: &[(LabelSet, Sample<'_>)]) -> String {
    let mut encoder = TextEncoder::new(format);
    assert!(encoder.family(&Descriptor::new(name, "Says \"so\" \\ in\ntwo lines.", kind).unwrap()));
    samples.iter().for_each(|(labels, sample)| encoder.sample(labels, *sample));
    encoder.finish()
}

#[test]
fn values_and_help_are_escaped_as_each_format_asks() {
    let labels = LabelSet::new([("path", "C:\\\n\"x\"é")]);
    let samples = [(labels, Sample::Counter(3))];
    assert_eq!(
        encoded(TextFormat::Prometheus, "reads_bytes_total", MetricKind::Counter, &samples),
        "# HELP reads_bytes_total Says \"so\" \\\\ in\\ntwo lines.\n\
         # TYPE reads_bytes_total counter\n\
         reads_bytes_total{path=\"C:\\\\\\n\\\"x\\\"é\"} 3\n"
    );
    assert_eq!(
        encoded(TextFormat::OpenMetrics, "reads_bytes_total", MetricKind::Counter, &samples),
        "# HELP reads_bytes Says \\\"so\\\" \\\\ in\\ntwo lines.\n\
         # TYPE reads_bytes counter\n\
         # UNIT reads_bytes bytes\n\
         reads_bytes_total{path=\"C:\\\\\\n\\\"x\\\"é\"} 3\n\
         # EOF\n"
    );
}

#[test]
fn numbers_that_are_none_have_their_words() {
    let none = LabelSet::none;
    let samples =
        [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 0.25, -3.0].map(|v| (none(), Sample::Gauge(v)));
    let text = encoded(TextFormat::Prometheus, "g", MetricKind::Gauge, &samples);
    assert!(text.ends_with("gauge\ng NaN\ng +Inf\ng -Inf\ng 0.25\ng -3\n"), "{text}");
}

#[test]
fn a_histogram_is_cumulative_and_ends_in_sum_and_count() {
    let registry = Registry::new();
    let sizes =
        registry.histograms::<(bool,)>("sizes_bytes", "", ["ok"], Buckets::new([1.0, 2.5]).unwrap()).unwrap();
    for value in [0.5, 1.0, 2.0, 9.0, f64::NAN] {
        sizes.get(&(true,)).observe(value);
    }
    assert_eq!(
        registry.encode(TextFormat::Prometheus),
        "# TYPE sizes_bytes histogram\n\
         sizes_bytes_bucket{ok=\"true\",le=\"1.0\"} 2\n\
         sizes_bytes_bucket{ok=\"true\",le=\"2.5\"} 3\n\
         sizes_bytes_bucket{ok=\"true\",le=\"+Inf\"} 5\n\
         sizes_bytes_sum{ok=\"true\"} 12.5\n\
         sizes_bytes_count{ok=\"true\"} 5\n"
    );
}

#[test]
fn exemplars_stand_in_openmetrics_and_nowhere_else() {
    let registry = Registry::new();
    let latency = registry.histogram("latency_seconds", "", Buckets::new([1.0]).unwrap()).unwrap();
    let attached = trace::attach(span(0xabc, 0x12, true));
    latency.observe(0.25);
    drop(attached);
    let text = registry.encode(TextFormat::OpenMetrics);
    let line = text.lines().find(|line| line.contains("le=\"1.0\"")).unwrap();
    let start = "latency_seconds_bucket{le=\"1.0\"} 1 # {trace_id=\"00000000000000000000000000000abc\",\
                 span_id=\"0000000000000012\"} 0.25 ";
    let at: f64 = line.strip_prefix(start).unwrap().parse().unwrap();
    assert!(at > Duration::from_hours(24 * 365 * 50).as_secs_f64());
    assert!(!registry.encode(TextFormat::Prometheus).contains("trace_id"));
}

#[test]
fn a_bucket_keeps_its_exemplar_for_a_while() {
    let registry = Registry::new();
    let latency = registry.histogram("latency_seconds", "", Buckets::new([1.0]).unwrap()).unwrap();
    latency.observe_in_span(0.125, span(3, 3, false).unwrap());
    let first = span(1, 1, true).unwrap();
    latency.observe_in_span(0.25, first);
    latency.observe_in_span(0.5, span(2, 2, true).unwrap());
    let exemplar = *latency.snapshot().exemplar(0).unwrap();
    assert_eq!((exemplar.span, exemplar.value), (first, 0.25));
    assert_eq!(latency.snapshot().count(), 3);
    assert_eq!(latency.snapshot().exemplar(1), None);
}

#[test]
fn a_sum_of_what_may_be_negative_is_not_for_openmetrics() {
    let snapshot = Snapshot::new(Buckets::new([-1.0, 1.0]).unwrap(), vec![1, 0, 0], -5.0);
    let samples = [(LabelSet::none(), Sample::Histogram(&snapshot))];
    assert!(!encoded(TextFormat::OpenMetrics, "h", MetricKind::Histogram, &samples).contains("_sum"));
    assert!(encoded(TextFormat::Prometheus, "h", MetricKind::Histogram, &samples).contains("h_sum -5\n"));
}

#[test]
fn summaries_and_facts_have_their_forms() {
    let summary = Sample::Summary { quantiles: &[(0.5, 1.5), (0.99, f64::NAN)], sum: 3.0, count: 2 };
    let text = encoded(TextFormat::OpenMetrics, "s", MetricKind::Summary, &[(LabelSet::none(), summary)]);
    assert!(
        text.ends_with("s{quantile=\"0.5\"} 1.5\ns{quantile=\"0.99\"} NaN\ns_sum 3\ns_count 2\n# EOF\n"),
        "{text}"
    );

    let facts = [(LabelSet::new([("version", "1.2")]), Sample::Info)];
    let text = encoded(TextFormat::Prometheus, "build_info", MetricKind::Info, &facts);
    assert!(text.ends_with("# TYPE build_info gauge\nbuild_info{version=\"1.2\"} 1\n"), "{text}");
    let text = encoded(TextFormat::OpenMetrics, "build_info", MetricKind::Info, &facts);
    assert!(text.contains("# TYPE build info\nbuild_info{version=\"1.2\"} 1\n"), "{text}");
}

#[test]
fn a_family_of_a_name_that_has_been_there_is_left_out() {
    let mut encoder = TextEncoder::new(TextFormat::Prometheus);
    let one = Descriptor::new("calls", "", MetricKind::Counter).unwrap();
    assert!(encoder.family(&one));
    assert!(!encoder.family(&one));
}
