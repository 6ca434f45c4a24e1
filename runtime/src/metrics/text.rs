use std::fmt;

use foldhash::HashSet;

use super::{
    Descriptor, Exemplar, LabelSet, MetricKind, Sample, Sink, Snapshot,
    number::{bound, push_f64, push_i64, push_u64},
};

/// A text format in which Prometheus reads metrics.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TextFormat {
    /// Prometheus' own, version 0.0.4: what everything understands.
    Prometheus,
    /// OpenMetrics 1.0, which has units and exemplars besides.
    OpenMetrics,
}

impl TextFormat {
    /// The `Content-Type` of an answer in this format.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Prometheus => "text/plain; version=0.0.4; charset=utf-8",
            Self::OpenMetrics => "application/openmetrics-text; version=1.0.0; charset=utf-8",
        }
    }
}

/// Writes metrics as text.
///
/// A family that comes a second time is left out: two of one name would make Prometheus throw the whole scrape away.
pub struct TextEncoder {
    format: TextFormat,
    out: String,
    name: String,
    ending: &'static str,
    seen: HashSet<Box<str>>,
}

impl TextEncoder {
    /// Nothing written yet.
    pub fn new(format: TextFormat) -> Self {
        Self::with_capacity(format, 0)
    }

    /// The same with room for that many bytes.
    pub fn with_capacity(format: TextFormat, bytes: usize) -> Self {
        Self {
            format,
            out: String::with_capacity(bytes),
            name: String::new(),
            ending: "",
            seen: HashSet::default(),
        }
    }

    /// The format.
    pub fn format(&self) -> TextFormat {
        self.format
    }

    /// Whether a family of that name has been written.
    pub fn has_family(&self, name: &str) -> bool {
        self.seen.contains(name)
    }

    /// Puts families in that were written elsewhere, in this format and without an end mark.
    pub fn push_written(&mut self, text: &str) {
        self.out.push_str(text);
        if !text.is_empty() && !text.ends_with('\n') {
            self.out.push('\n');
        }
    }

    /// The text, with the end mark that OpenMetrics asks for.
    pub fn finish(mut self) -> String {
        if self.format == TextFormat::OpenMetrics {
            self.out.push_str("# EOF\n");
        }
        self.out
    }

    fn comment(&mut self, word: &str, ending: &str) {
        for part in ["# ", word, " ", &self.name, ending, " "] {
            self.out.push_str(part);
        }
    }

    /// The beginning of a line with one more label.
    fn begin(&mut self, ending: &str, labels: &str, more: Option<(&str, &str)>) {
        self.out.push_str(&self.name);
        self.out.push_str(ending);
        if let Some((name, value)) = more {
            self.out.push('{');
            self.out.push_str(labels);
            if !labels.is_empty() {
                self.out.push(',');
            }
            for part in [name, "=\"", value, "\"} "] {
                self.out.push_str(part);
            }
        } else {
            braces(&mut self.out, labels);
        }
    }

    fn single(&mut self, labels: &LabelSet) {
        match &labels.line {
            Some(line) => self.out.push_str(line),
            None => {
                let ending = self.ending;
                self.begin(ending, labels.text(), None);
            }
        }
    }

    fn histogram(&mut self, labels: &str, snapshot: &Snapshot) {
        let mut below: u64 = 0;
        for (index, (le, count)) in snapshot.buckets().texts().zip(snapshot.counts()).enumerate() {
            below = below.wrapping_add(*count);
            self.begin("_bucket", labels, Some(("le", le)));
            push_u64(&mut self.out, below);
            if let (TextFormat::OpenMetrics, Some(exemplar)) = (self.format, snapshot.exemplar(index)) {
                push_exemplar(&mut self.out, exemplar);
            }
            self.out.push('\n');
        }
        // Sums of what may be negative are no counters, and OpenMetrics wants none.
        let has_sum = snapshot.buckets().bounds().first().is_none_or(|first| *first >= 0.0);
        if has_sum || self.format == TextFormat::Prometheus {
            self.begin("_sum", labels, None);
            push_f64(&mut self.out, snapshot.sum());
            self.out.push('\n');
            self.begin("_count", labels, None);
            push_u64(&mut self.out, below);
            self.out.push('\n');
        }
    }

    fn summary(&mut self, labels: &str, quantiles: &[(f64, f64)], sum: f64, count: u64) {
        for (quantile, value) in quantiles {
            self.begin("", labels, Some(("quantile", &bound(*quantile))));
            push_f64(&mut self.out, *value);
            self.out.push('\n');
        }
        self.begin("_sum", labels, None);
        push_f64(&mut self.out, sum);
        self.out.push('\n');
        self.begin("_count", labels, None);
        push_u64(&mut self.out, count);
        self.out.push('\n');
    }
}

impl Sink for TextEncoder {
    fn family(&mut self, descriptor: &Descriptor) -> bool {
        if self.seen.contains(descriptor.name()) {
            return false;
        }
        self.seen.insert(Box::from(descriptor.name()));
        self.name.clear();
        self.name.push_str(descriptor.name());
        self.ending = descriptor.ending();
        let is_open = self.format == TextFormat::OpenMetrics;
        let (ending, kind) = match (is_open, descriptor.kind()) {
            (true, kind) => ("", word(kind)),
            // The older format knows no facts.
            (false, MetricKind::Info) => (self.ending, "gauge"),
            (false, kind) => (self.ending, word(kind)),
        };
        if !descriptor.help().is_empty() {
            self.comment("HELP", ending);
            if is_open {
                escape(&mut self.out, descriptor.help());
            } else {
                escape_help(&mut self.out, descriptor.help());
            }
            self.out.push('\n');
        }
        self.comment("TYPE", ending);
        self.out.push_str(kind);
        self.out.push('\n');
        if let (true, Some(unit)) = (is_open, descriptor.unit()) {
            self.comment("UNIT", "");
            self.out.push_str(unit);
            self.out.push('\n');
        }
        true
    }

    #[inline]
    fn sample(&mut self, labels: &LabelSet, sample: Sample<'_>) {
        match sample {
            Sample::Counter(value) => {
                self.single(labels);
                push_u64(&mut self.out, value);
            }
            Sample::FloatCounter(value) | Sample::Gauge(value) => {
                self.single(labels);
                push_f64(&mut self.out, value);
            }
            Sample::IntGauge(value) => {
                self.single(labels);
                push_i64(&mut self.out, value);
            }
            Sample::Info => {
                self.single(labels);
                self.out.push('1');
            }
            Sample::Histogram(snapshot) => return self.histogram(labels.text(), snapshot),
            Sample::Summary { quantiles, sum, count } => {
                return self.summary(labels.text(), quantiles, sum, count);
            }
        }
        self.out.push('\n');
    }
}

impl fmt::Debug for TextEncoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TextEncoder")
            .field("format", &self.format)
            .field("bytes", &self.out.len())
            .finish_non_exhaustive()
    }
}

fn word(kind: MetricKind) -> &'static str {
    match kind {
        MetricKind::Counter => "counter",
        MetricKind::Gauge => "gauge",
        MetricKind::Histogram => "histogram",
        MetricKind::Summary => "summary",
        MetricKind::Info => "info",
    }
}

/// A line up to its number.
pub(super) fn line(name: &str, ending: &str, labels: &str) -> String {
    let mut line = String::with_capacity(name.len() + ending.len() + labels.len() + 3);
    line.push_str(name);
    line.push_str(ending);
    braces(&mut line, labels);
    line
}

fn braces(out: &mut String, labels: &str) {
    if labels.is_empty() {
        out.push(' ');
        return;
    }
    out.push('{');
    out.push_str(labels);
    out.push_str("} ");
}

/// A label's value, or a help text of OpenMetrics.
pub(super) fn escape(out: &mut String, text: &str) {
    escaped(out, text, |c| matches!(c, '\\' | '\n' | '"'));
}

/// A help text of the older format, in which quotes stay.
fn escape_help(out: &mut String, text: &str) {
    escaped(out, text, |c| matches!(c, '\\' | '\n'));
}

fn escaped(out: &mut String, mut text: &str, must: impl Fn(char) -> bool) {
    while let Some(at) = text.find(&must) {
        let (before, rest) = text.split_at(at);
        out.push_str(before);
        let mut rest = rest.chars();
        out.push_str(match rest.next() {
            Some('\\') => "\\\\",
            Some('"') => "\\\"",
            _ => "\\n",
        });
        text = rest.as_str();
    }
    out.push_str(text);
}

fn push_exemplar(out: &mut String, exemplar: &Exemplar) {
    out.push_str(" # {trace_id=\"");
    push_hex(out, &exemplar.span.trace_id.to_bytes());
    out.push_str("\",span_id=\"");
    push_hex(out, &exemplar.span.span_id.to_bytes());
    out.push_str("\"} ");
    push_f64(out, exemplar.value);
    out.push(' ');
    push_f64(out, exemplar.at.as_millis() as f64 / 1000.0);
}

fn push_hex(out: &mut String, bytes: &[u8]) {
    let digit = |half: u8| char::from_digit(half.into(), 16).unwrap_or('0');
    out.extend(bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]));
}
