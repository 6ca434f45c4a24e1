use super::{AttributeValue, SpanEvent, SpanRecord, VariableError, Variables, data::MOST};

/// How much of a span is sent: OpenTelemetry's span limits. What is beyond is left out and counted in the span.
///
/// A span keeps 128 attributes, events and links at most, and an event 128 attributes: no limit is higher. They are applied on the
/// thread that sends, so that they cost a call nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SpanLimits {
    attributes: usize,
    events: usize,
    links: usize,
    event_attributes: usize,
    value_length: usize,
}

impl SpanLimits {
    /// 128 of each, and texts of any length.
    pub const fn new() -> Self {
        Self { attributes: MOST, events: MOST, links: MOST, event_attributes: MOST, value_length: usize::MAX }
    }

    /// How many attributes of a span are sent. Default 128.
    #[must_use]
    pub const fn attributes(mut self, most: usize) -> Self {
        self.attributes = most;
        self
    }

    /// How many events. Default 128.
    #[must_use]
    pub const fn events(mut self, most: usize) -> Self {
        self.events = most;
        self
    }

    /// How many links. Default 128.
    #[must_use]
    pub const fn links(mut self, most: usize) -> Self {
        self.links = most;
        self
    }

    /// How many attributes of each event. Default 128.
    #[must_use]
    pub const fn event_attributes(mut self, most: usize) -> Self {
        self.event_attributes = most;
        self
    }

    /// How many characters of a text that is an attribute. Default: all.
    #[must_use]
    pub const fn value_length(mut self, most: usize) -> Self {
        self.value_length = most;
        self
    }

    /// The same with what the environment says; an error names the variable.
    ///
    /// | variable, the first one set | limits |
    /// |---|---|
    /// | `OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT`, `OTEL_ATTRIBUTE_COUNT_LIMIT` | the attributes |
    /// | `OTEL_SPAN_EVENT_COUNT_LIMIT` | the events |
    /// | `OTEL_SPAN_LINK_COUNT_LIMIT` | the links |
    /// | `OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT`, `OTEL_ATTRIBUTE_COUNT_LIMIT` | the attributes of an event |
    /// | `OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT`, `OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT` | the texts |
    ///
    /// # Errors
    /// A variable holds no whole number.
    pub fn from_variables(variables: &Variables<'_>) -> Result<Self, VariableError> {
        const COUNT: &str = "OTEL_ATTRIBUTE_COUNT_LIMIT";
        let read = |names: &[&'static str], otherwise| {
            variables.count(names, 0).map(|given| given.map_or(otherwise, |given| given.value))
        };
        let length = ["OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT", "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT"];
        Ok(Self {
            attributes: read(&["OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", COUNT], MOST)?,
            events: read(&["OTEL_SPAN_EVENT_COUNT_LIMIT"], MOST)?,
            links: read(&["OTEL_SPAN_LINK_COUNT_LIMIT"], MOST)?,
            event_attributes: read(&["OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT", COUNT], MOST)?,
            value_length: read(&length, usize::MAX)?,
        })
    }

    /// Leaves out what is beyond.
    #[inline]
    pub(super) fn apply(&self, span: &mut SpanRecord) {
        if *self != Self::new() {
            self.cut(span);
        }
    }

    fn cut(&self, span: &mut SpanRecord) {
        let SpanRecord { attributes, events, links, .. } = span;
        let beyond = [keep(attributes, self.attributes), keep(events, self.events), keep(links, self.links)];
        span.dropped_attributes = span.dropped_attributes.saturating_add(beyond[0]);
        span.dropped_events = span.dropped_events.saturating_add(beyond[1]);
        span.dropped_links = span.dropped_links.saturating_add(beyond[2]);
        for SpanEvent { attributes, dropped_attributes, .. } in &mut span.events {
            *dropped_attributes = dropped_attributes.saturating_add(keep(attributes, self.event_attributes));
        }
        let of_events = span.events.iter_mut().flat_map(|event| &mut event.attributes);
        span.attributes.iter_mut().chain(of_events).for_each(|attribute| self.shorten(&mut attribute.value));
    }

    fn shorten(&self, value: &mut AttributeValue) {
        let Some(text) = value.as_str() else { return };
        let Some((end, _)) = text.char_indices().nth(self.value_length) else { return };
        match value {
            AttributeValue::Static(text) => *text = &text[..end],
            AttributeValue::Text(text) => text.truncate(end),
            _ => {}
        }
    }
}

impl Default for SpanLimits {
    fn default() -> Self {
        Self::new()
    }
}

/// Keeps the first `most`; how many more there were.
fn keep<T>(all: &mut Vec<T>, most: usize) -> u32 {
    let beyond = all.len().saturating_sub(most);
    all.truncate(most);
    u32::try_from(beyond).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::{Attribute, SpanContext, SpanId, TraceFlags, TraceId};

    fn span() -> SpanRecord {
        let ids = TraceId::parse("12345678901234567890123456789012").zip(SpanId::parse("1234567890123456"));
        let (trace, span) = ids.unwrap();
        let context = SpanContext::new(trace, span, TraceFlags::from_byte(1));
        let mut record = SpanRecord::new("limited", context);
        let mut event = SpanEvent::new("event", 1);
        for n in 0..5 {
            record.set_attribute(Attribute::new(format!("a{n}"), "äöüß".repeat(2)));
            event.attributes.push(Attribute::new(format!("e{n}"), "static text"));
        }
        for _ in 0..3 {
            record.add_event(event.clone());
            record.add_link(context);
        }
        record
    }

    #[test]
    fn what_is_beyond_a_limit_is_left_out_and_counted() {
        let limits = SpanLimits::new().attributes(2).events(1).links(0).event_attributes(4).value_length(3);
        let mut span = span();
        limits.apply(&mut span);
        assert_eq!((span.attributes.len(), span.dropped_attributes), (2, 3));
        assert_eq!((span.events.len(), span.dropped_events), (1, 2));
        assert_eq!((span.links.len(), span.dropped_links), (0, 3));
        let event = &span.events[0];
        assert_eq!((event.attributes.len(), event.dropped_attributes), (4, 1));
        assert_eq!(span.attributes[0].value.as_str(), Some("äöü"));
        assert_eq!(event.attributes[0].value.as_str(), Some("sta"));
    }

    #[test]
    fn without_limits_a_span_is_left_as_it_is() {
        let mut limited = span();
        SpanLimits::new().apply(&mut limited);
        assert_eq!(limited, span());
    }

    #[test]
    fn the_environment_sets_each_and_the_narrower_variable_goes_first() {
        let read = |pairs: &[(&'static str, &'static str)]| {
            SpanLimits::from_variables(&Variables::of(pairs.iter().copied()))
        };
        assert_eq!(read(&[]), Ok(SpanLimits::new()));
        let all = ("OTEL_ATTRIBUTE_COUNT_LIMIT", "10");
        assert_eq!(read(&[all]), Ok(SpanLimits::new().attributes(10).event_attributes(10)));
        let limits = read(&[
            all,
            ("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "20"),
            ("OTEL_SPAN_EVENT_COUNT_LIMIT", "0"),
            ("OTEL_SPAN_LINK_COUNT_LIMIT", "3"),
            ("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", "100"),
            ("OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT", "50"),
        ]);
        let expected =
            SpanLimits::new().attributes(20).events(0).links(3).event_attributes(10).value_length(50);
        assert_eq!(limits, Ok(expected));
        let error = read(&[("OTEL_SPAN_LINK_COUNT_LIMIT", "-1")]).unwrap_err().to_string();
        assert!(error.contains("OTEL_SPAN_LINK_COUNT_LIMIT") && error.contains("whole number"), "{error}");
    }
}
