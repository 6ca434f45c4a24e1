use std::{cell::Cell, sync::Arc, time::SystemTime};

use mainstay_runtime::{clock, context, trace};
use tracing::{
    Event, Subscriber,
    span::{Attributes, Id, Record as SpanRecord},
};
use tracing_log::NormalizeEvent;
use tracing_subscriber::{
    Layer,
    layer::Context,
    registry::{LookupSpan, SpanRef},
};

use crate::{
    filter::OWN_TARGETS,
    origin, output,
    pipeline::Core,
    record::{Field, Record, Span},
    sampling::Repeated,
    visit::Fields,
};

/// Turns events into lines.
pub(crate) struct LogLayer {
    pub(crate) core: Arc<Core>,
}

/// What is kept with a span of `tracing`.
struct SpanFields(Vec<Field>);

impl<S: Subscriber + for<'s> LookupSpan<'s>> Layer<S> for LogLayer {
    fn on_new_span(&self, attrs: &Attributes<'_>, id: &Id, cx: Context<'_, S>) {
        let Some(span) = cx.span(id) else { return };
        let mut fields = Fields::new(&self.core.redactor);
        attrs.record(&mut fields);
        span.extensions_mut().replace(SpanFields(named(fields)));
    }

    fn on_record(&self, id: &Id, values: &SpanRecord<'_>, cx: Context<'_, S>) {
        let Some(span) = cx.span(id) else { return };
        // Formatted with nothing locked: it may be code of the user's that logs.
        let before = span.extensions_mut().remove::<SpanFields>().map(|fields| fields.0).unwrap_or_default();
        let mut fields = Fields::onto(&self.core.redactor, before);
        values.record(&mut fields);
        span.extensions_mut().replace(SpanFields(named(fields)));
    }

    fn on_event(&self, event: &Event<'_>, cx: Context<'_, S>) {
        if output::is_writing() {
            return;
        }
        let Some(_deeper) = Deeper::step() else { return };
        let origin = origin::take();
        let bridged = event.normalized_metadata();
        let meta = bridged.as_ref().unwrap_or_else(|| event.metadata());
        let (core, is_own) = (&*self.core, OWN_TARGETS.contains(&meta.target()));
        let mut fields = Fields::new(&core.redactor);
        event.record(&mut fields);
        if let Some(sampling) = &core.sampling {
            let now = clock::now();
            core.report_repeated(now);
            // What comes through `log` and through our loggers has one place for all.
            let is_shared = bridged.is_some() || is_own;
            let message = if is_shared { sampling.hash(&fields.message) } else { 0 };
            let line = || Repeated {
                times: 0,
                level: *meta.level(),
                target: meta.target().into(),
                message: fields.message.clone(),
            };
            if !sampling.admits(&(event.metadata().callsite(), message), now, line) {
                return;
            }
        }
        let spans: Vec<Span> =
            cx.event_scope(event).into_iter().flat_map(|scope| scope.from_root().map(read)).collect();
        let context = context::current();
        let record = Record {
            time: SystemTime::now(),
            level: *meta.level(),
            is_success: origin.is_success,
            service: origin.service.as_deref().unwrap_or(&core.service),
            environment: &core.environment,
            target: meta.target(),
            message: &fields.message,
            fields: &fields.fields,
            spans: &spans,
            context: context.as_ref(),
            span: trace::innermost(),
            // A place in our own crates tells nothing.
            place: meta.file().zip(meta.line()).filter(|_| !is_own && !is_mainstays(meta.target())),
        };
        core.write(&record, origin.reporter, core.full);
    }
}

/// Whether an event is of a policy or a span, or of what else of ours logs.
fn is_mainstays(target: &str) -> bool {
    target == "mainstay" || target.starts_with("mainstay::")
}

fn read<'s, S: LookupSpan<'s>>(span: SpanRef<'s, S>) -> Span {
    let fields = span.extensions().get::<SpanFields>().map(|fields| fields.0.clone()).unwrap_or_default();
    Span { name: span.metadata().name(), fields }
}

/// How many lines are being made within one another on this thread: a value may log while it is written, and its line may
/// hold such a value again.
struct Deeper;

const DEEPEST: u8 = 4;

thread_local! {
    static DEPTH: Cell<u8> = const { Cell::new(0) };
}

impl Deeper {
    fn step() -> Option<Self> {
        let depth = DEPTH.get();
        (depth < DEEPEST).then(|| {
            DEPTH.set(depth + 1);
            Self
        })
    }
}

impl Drop for Deeper {
    fn drop(&mut self) {
        DEPTH.set(DEPTH.get() - 1);
    }
}

/// A span's field may be called `message` like any other.
fn named(mut fields: Fields<'_>) -> Vec<Field> {
    if !fields.message.is_empty() {
        fields.fields.push(Field::new("message", crate::Value::Text(fields.message)));
    }
    fields.fields
}
