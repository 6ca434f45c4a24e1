use super::{SpanId, TraceId, TraceParent, random};

/// Which span this is, in which trace, and whether it is sampled: what children, log lines and headers need to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct SpanContext {
    /// The trace.
    pub trace_id: TraceId,
    /// The span.
    pub span_id: SpanId,
    /// The flags of W3C Trace Context.
    pub flags: TraceFlags,
    /// Whether it came from another process.
    pub is_remote: bool,
}

impl SpanContext {
    /// Some ids, where there must be some that nobody sees.
    pub(super) const UNSEEN: Self = Self::new(random::SOME_TRACE, random::SOME_SPAN, TraceFlags::NONE);

    /// The context of a span of this process.
    #[inline]
    pub const fn new(trace_id: TraceId, span_id: SpanId, flags: TraceFlags) -> Self {
        Self { trace_id, span_id, flags, is_remote: false }
    }

    /// The same as it arrives from another process.
    #[must_use]
    pub const fn remote(self) -> Self {
        Self { is_remote: true, ..self }
    }

    /// Whether the span is sampled: recorded and exported.
    #[inline]
    pub const fn is_sampled(self) -> bool {
        self.flags.is_sampled()
    }

    /// The value of the header `traceparent`.
    pub const fn to_traceparent(self) -> TraceParent {
        TraceParent(self)
    }

    /// Reads the value of a header `traceparent`. `None` if it is none.
    pub fn from_traceparent(value: &str) -> Option<Self> {
        TraceParent::parse(value).map(|parent| parent.0)
    }
}

/// The flags of W3C Trace Context.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct TraceFlags(u8);

impl TraceFlags {
    /// Not sampled.
    pub const NONE: Self = Self(0);
    /// The span is sampled.
    pub const SAMPLED: Self = Self(1);
    /// The lower seven bytes of the trace id are random.
    pub const RANDOM: Self = Self(2);

    /// The flags of that byte, without those that nobody has defined.
    pub const fn from_byte(byte: u8) -> Self {
        Self(byte & (Self::SAMPLED.0 | Self::RANDOM.0))
    }

    /// The flags as a byte.
    pub const fn to_byte(self) -> u8 {
        self.0
    }

    /// These flags and those.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// These flags without those.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether the span is sampled.
    #[inline]
    pub const fn is_sampled(self) -> bool {
        self.0 & Self::SAMPLED.0 != 0
    }
}
