use mainstay::{trace::SpanKind, trace_span};
use mainstay_testkit::Spans;

macro_rules! kinds {
    ($($name:literal $function:ident $word:ident $kind:ident;)*) => {
        $(
            #[trace_span($name, kind = $word)]
            fn $function() {}
        )*

        #[test]
        fn a_span_tells_its_part_in_a_conversation() {
            let spans = Spans::record();
            $(
                $function();
                assert_eq!(spans.one($name).kind, SpanKind::$kind);
            )*
        }
    };
}

kinds! {
    "kind.internal" in_here internal Internal;
    "kind.server" serve server Server;
    "kind.client" ask client Client;
    "kind.producer" send producer Producer;
    "kind.consumer" take consumer Consumer;
}
