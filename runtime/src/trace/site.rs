use std::{
    fmt,
    sync::atomic::{AtomicU8, Ordering},
};

use tracing::{
    Level, Metadata,
    callsite::{self, Callsite, Identifier},
    field::FieldSet,
    level_filters::{LevelFilter, STATIC_MAX_LEVEL},
    metadata::Kind,
    subscriber::{Interest, NoSubscriber},
};

use super::{AttributeValue, Code, SpanKind, state};

/// A place in the source where spans are made, and whether anybody wants them: one byte to look at.
///
/// It is a callsite of `tracing` as well, so that subscribers say there what they are interested in.
pub struct SpanSite {
    wanted: AtomicU8,
    pub(super) code: Code,
    pub(super) kind: SpanKind,
    keys: &'static [&'static str],
    metadata: Metadata<'static>,
}

/// Spans are recorded in this process.
const RECORDED: u8 = 1;
/// Some subscriber of `tracing` may want it, or surely wants it.
const TRACED: u8 = 2;
const SURELY_TRACED: u8 = 4;
/// Spans are recorded, and those of another library may be parents of ours.
const AMONG_OTHERS: u8 = 8;
/// Nobody has been asked yet, or is being asked.
const NEW: u8 = 64;
const CLAIMED: u8 = 128;

impl SpanSite {
    /// The site of that function; `itself` is the static that it becomes.
    #[doc(hidden)]
    #[expect(clippy::too_many_arguments, reason = "only expansions call it")]
    pub const fn new(
        itself: &'static Self,
        name: &'static str,
        level: Level,
        kind: SpanKind,
        module: &'static str,
        function: &'static str,
        file: &'static str,
        line: u32,
        fields: &'static [&'static str],
    ) -> Self {
        let (keys, fields) = (fields, FieldSet::new(fields, Identifier(itself)));
        Self {
            wanted: AtomicU8::new(NEW),
            code: Code::new(function, file, line),
            kind,
            keys,
            metadata: Metadata::new(
                name,
                module,
                level,
                Some(file),
                Some(line),
                Some(module),
                fields,
                Kind::SPAN,
            ),
        }
    }

    pub(super) fn name(&self) -> &'static str {
        self.metadata.name()
    }

    /// Whether nobody wants its spans.
    #[inline(always)]
    pub(super) fn is_idle(&self) -> bool {
        self.wanted.load(Ordering::Relaxed) == 0
    }

    /// Whether its spans are recorded, and there is nobody else to ask.
    #[inline(always)]
    pub(super) fn is_plain(&self) -> bool {
        self.wanted.load(Ordering::Relaxed) == RECORDED
    }

    /// Whether its spans are recorded, and whether they are `tracing`'s too.
    #[inline]
    pub(super) fn wanted(&'static self) -> (bool, bool) {
        let mut wanted = self.wanted.load(Ordering::Relaxed);
        if wanted & NEW != 0 {
            wanted = self.ask();
        }
        (wanted & RECORDED != 0, wanted & TRACED != 0 && self.is_enabled(wanted))
    }

    #[cold]
    fn ask(&'static self) -> u8 {
        let claim = || self.wanted.fetch_or(CLAIMED, Ordering::AcqRel) & CLAIMED == 0;
        if state::enlist(self, claim) {
            // Asks the subscribers, which `set_interest` hears.
            callsite::register(self);
            self.wanted.fetch_and(!(NEW | CLAIMED), Ordering::AcqRel);
        }
        self.wanted.load(Ordering::Acquire)
    }

    #[cold]
    fn is_enabled(&'static self, wanted: u8) -> bool {
        let level = *self.metadata.level();
        level <= STATIC_MAX_LEVEL
            && level <= LevelFilter::current()
            && (wanted & SURELY_TRACED != 0
                || tracing::dispatcher::get_default(|dispatch| dispatch.enabled(&self.metadata)))
            // A subscriber that has gone leaves its interest behind; `tracing` asks anew when the next one comes.
            && tracing::dispatcher::get_default(|dispatch| !dispatch.is::<NoSubscriber>())
    }

    /// Spans are recorded from now on, or are not; another library's may be around them, or may not.
    pub(super) fn record(&self, on: bool, among_others: bool) {
        self.set(
            RECORDED | AMONG_OTHERS,
            match (on, among_others) {
                (false, _) => 0,
                (true, false) => RECORDED,
                (true, true) => RECORDED | AMONG_OTHERS,
            },
        );
    }

    fn set(&self, bits: u8, to: u8) {
        let _ =
            self.wanted.fetch_update(Ordering::AcqRel, Ordering::Acquire, |word| Some((word & !bits) | to));
    }

    /// A span of `tracing` with these values of its fields.
    #[cold]
    pub(super) fn twin<const N: usize>(&'static self, values: &[Option<AttributeValue>; N]) -> tracing::Span {
        let set = self.metadata.fields();
        // As many as there are values: both come from the same list of the attribute.
        let fields: Vec<_> = set.iter().collect();
        let values: [_; N] =
            std::array::from_fn(|at| (&fields[at], values[at].as_ref().map(AttributeValue::as_tracing)));
        tracing::Span::new(&self.metadata, &set.value_set(&values))
    }

    /// The keys of the attributes, in order.
    #[inline]
    pub(super) fn keys(&self) -> &'static [&'static str] {
        self.keys
    }
}

impl Callsite for SpanSite {
    fn set_interest(&self, interest: Interest) {
        let to = match () {
            () if interest.is_never() => 0,
            () if interest.is_always() => TRACED | SURELY_TRACED,
            () => TRACED,
        };
        self.set(TRACED | SURELY_TRACED, to);
    }

    fn metadata(&self) -> &Metadata<'_> {
        &self.metadata
    }
}

impl fmt::Debug for SpanSite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SpanSite").field("name", &self.name()).field("code", &self.code).finish()
    }
}
