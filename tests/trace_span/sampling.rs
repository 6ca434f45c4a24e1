use mainstay::{
    trace::{self, Sampler, SpanContext},
    trace_span,
};
use mainstay_testkit::Spans;

#[trace_span("sampling.root")]
fn root() -> (Option<SpanContext>, Option<SpanContext>) {
    (trace::current(), child())
}

#[trace_span("sampling.child")]
fn child() -> Option<SpanContext> {
    trace::current()
}

#[test]
fn a_ratio_takes_whole_traces_and_its_share_of_them() {
    let spans = Spans::sampled(Sampler::ratio(0.25).parent_based());
    let taken = (0..20_000).filter(|_| root().0.unwrap().is_sampled()).count();
    // Six standard deviations.
    assert!((4_632..=5_368).contains(&taken), "{taken}");
    let (roots, children) = (spans.named("sampling.root"), spans.named("sampling.child"));
    assert_eq!((roots.len(), children.len()), (taken, taken));
    let parents: std::collections::HashSet<_> = roots.iter().map(|span| span.context.span_id).collect();
    assert!(children.iter().all(|span| parents.contains(&span.parent.unwrap())));
}

#[test]
fn inside_an_unsampled_span_the_trace_is_known_and_said_to_be_unsampled() {
    let spans = Spans::sampled(Sampler::always_off().parent_based());
    let (outside, inside) = root();
    assert_eq!(outside, inside);
    assert!(!outside.unwrap().is_sampled());
    assert_eq!(trace::current(), None);
    assert!(spans.named("sampling.root").is_empty());
}

#[test]
fn a_remote_parent_decides_for_a_sampler_that_asks_it() {
    let spans = Spans::sampled(Sampler::always_off().parent_based());
    let parent = SpanContext::from_traceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    {
        let _attached = trace::attach(parent);
        root();
    }
    assert_eq!((spans.named("sampling.root").len(), spans.named("sampling.child").len()), (1, 1));
}

#[test]
fn without_an_exporter_there_is_no_span() {
    let _none = Spans::none();
    assert_eq!(root(), (None, None));
}
