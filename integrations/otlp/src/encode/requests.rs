use mainstay_runtime::trace::{Resource, SpanData};

use super::{attributes, json, span};
use crate::wire::Writer;

/// How large a request gets, unless a single span is larger: collectors refuse what is larger than 4 MiB by default.
const MOST: usize = 3 << 20;

/// How messages are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Encoding {
    /// As Protocol Buffers.
    #[default]
    Binary,
    /// As Protocol Buffers' JSON.
    Json,
}

/// A batch of spans as requests, of which there is one unless they are very large.
#[derive(Default)]
pub(crate) struct Requests {
    encoding: Encoding,
    /// The resource, as field 1 of `ResourceSpans` or as an object.
    resource: Vec<u8>,
    /// Spans, each as field 2 of `ScopeSpans` or as an object with a comma after it.
    spans: Vec<u8>,
    /// Where each of them ends, and whose it is.
    ends: Vec<(usize, &'static str)>,
    /// How many of them are in requests already.
    taken: usize,
}

impl Requests {
    pub(crate) fn new(encoding: Encoding) -> Self {
        Self { encoding, ..Self::default() }
    }

    /// Says whose the spans to come are.
    pub(crate) fn start(&mut self, resource: &Resource) {
        self.resource.clear();
        match self.encoding {
            Encoding::Binary => {
                Writer::new(&mut self.resource)
                    .message(1, |out| attributes::write(out, 1, &resource.attributes));
            }
            Encoding::Json => self.resource.extend(json::resource(resource).bytes()),
        }
    }

    /// Takes in a batch, in place of the one before.
    pub(crate) fn fill(&mut self, batch: &mut [SpanData]) {
        self.spans.clear();
        self.ends.clear();
        self.taken = 0;
        // Spans of one scope stand together. Most programs have one.
        if batch.windows(2).any(|pair| pair[0].scope != pair[1].scope) {
            batch.sort_by_key(|span| span.scope);
        }
        for data in batch {
            match self.encoding {
                Encoding::Binary => span::write(&mut Writer::new(&mut self.spans), data),
                Encoding::Json => self.spans.extend(format!("{},", json::of_span(data)).bytes()),
            }
            self.ends.push((self.spans.len(), data.scope));
        }
    }

    /// Writes the next request to `body`, and says how many spans are in it; `None` if there are no more.
    pub(crate) fn next(&mut self, body: &mut Vec<u8>) -> Option<u64> {
        let begin = self.end_of(self.taken);
        let fits = |(end, _): &&(usize, _)| *end <= begin.saturating_add(MOST);
        let left = self.ends.get(self.taken..).filter(|left| !left.is_empty())?;
        let count = left.iter().take_while(fits).count().max(1);
        let upto = self.taken + count;
        body.clear();
        match self.encoding {
            Encoding::Binary => self.write(Writer::new(body), upto),
            Encoding::Json => self.write_json(body, upto),
        }
        self.taken = upto;
        Some(count as u64)
    }

    fn write(&self, mut out: Writer<'_>, upto: usize) {
        out.message(1, |out| {
            out.raw(&self.resource);
            for (scope, spans) in self.scopes(upto) {
                out.message(2, |out| {
                    out.message(1, |out| out.text(1, scope));
                    out.raw(spans);
                });
            }
        });
    }

    fn write_json(&self, body: &mut Vec<u8>, upto: usize) {
        body.extend(br#"{"resourceSpans":[{"resource":"#);
        body.extend(&self.resource);
        body.extend(br#","scopeSpans":["#);
        for (at, (scope, spans)) in self.scopes(upto).enumerate() {
            let comma = if at == 0 { "" } else { "," };
            let scope = serde_json::json!({ "name": scope });
            body.extend(format!(r#"{comma}{{"scope":{scope},"spans":["#).bytes());
            // The last one has a comma after it, too.
            body.extend(spans.strip_suffix(b",").unwrap_or(spans));
            body.extend(b"]}");
        }
        body.extend(b"]}]}");
    }

    /// The spans that are in no request yet, up to one of them, by their scopes.
    fn scopes(&self, upto: usize) -> impl Iterator<Item = (&'static str, &[u8])> {
        let mut at = self.taken;
        self.ends[at..upto].chunk_by(|one, next| one.1 == next.1).map(move |scope| {
            let from = self.end_of(at);
            at += scope.len();
            (scope[0].1, &self.spans[from..self.end_of(at)])
        })
    }

    /// Where the first `count` spans end.
    fn end_of(&self, count: usize) -> usize {
        count.checked_sub(1).and_then(|last| self.ends.get(last)).map_or(0, |(end, _)| *end)
    }
}
