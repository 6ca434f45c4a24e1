use mainstay::{
    trace::{self, Sampler, SpanContext},
    trace_span,
};
use mainstay_testkit::{Spans, Stepper};

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
fn attributes_are_evaluated_for_a_span_that_is_taken_and_no_other() {
    fn seen(counter: &std::cell::Cell<u32>) -> u32 {
        counter.set(counter.get() + 1);
        counter.get()
    }
    #[trace_span("sampling.valued", attrs(n = seen(counter)))]
    fn valued(counter: &std::cell::Cell<u32>) {}

    let counter = std::cell::Cell::new(0);
    {
        let _none = Spans::none();
        valued(&counter);
    }
    let _spans = Spans::sampled(Sampler::always_off().parent_based());
    valued(&counter);
    for (flag, count) in [("00", 0), ("01", 1)] {
        let parent = format!("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-{flag}");
        let _attached = trace::attach(SpanContext::from_traceparent(&parent));
        valued(&counter);
        assert_eq!(counter.get(), count, "{flag}");
    }
}

#[test]
fn without_an_exporter_there_is_no_span() {
    let _none = Spans::none();
    assert_eq!(root(), (None, None));
}

#[test]
fn a_span_that_is_not_sampled_keeps_the_ids_that_it_got_when_it_was_asked() {
    #[trace_span("sampling.asked")]
    async fn asked() -> [Option<SpanContext>; 3] {
        tokio::task::yield_now().await;
        let first = trace::current();
        tokio::task::yield_now().await;
        [first, trace::current(), child()]
    }
    let ratio = Sampler::ratio(0.5).parent_based();
    let spans = Spans::sampled(ratio);
    let mut seen = 0;
    for _ in 0..200 {
        let mut call = Stepper::new(asked());
        assert!(call.poll().is_pending() && call.poll().is_pending());
        assert_eq!(trace::current(), None);
        let polled = std::thread::scope(|scope| scope.spawn(|| call.poll()).join().unwrap());
        let std::task::Poll::Ready([first, second, inside]) = polled else { panic!("it waits for nothing") };
        let first = first.unwrap();
        if !first.is_sampled() {
            // Whoever samples by the same share does not take it either.
            assert!(first.trace_id.low() >> 1 >= 1 << 62);
            assert_eq!((Some(first), Some(first)), (second, inside));
            seen += 1;
        }
    }
    assert_eq!(spans.named("sampling.asked").len(), 200 - seen);
    assert!(seen > 0);
}
