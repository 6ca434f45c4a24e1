use mainstay_runtime::trace::{Resource, SpanData};

use super::{attributes, span};
use crate::wire::Writer;

/// How large a request gets, unless a single span is larger: collectors refuse what is larger than 4 MiB by default.
const MOST: usize = 3 << 20;

/// A batch of spans as requests, of which there is one unless they are very large.
#[derive(Default)]
pub(crate) struct Requests {
    /// The resource, as field 1 of `ResourceSpans`.
    resource: Vec<u8>,
    /// Spans, each as field 2 of `ScopeSpans`.
    spans: Vec<u8>,
    /// Where each of them ends, and whose it is.
    ends: Vec<(usize, &'static str)>,
    /// How many of them are in requests already.
    taken: usize,
}

impl Requests {
    /// Says whose the spans to come are.
    pub(crate) fn start(&mut self, resource: &Resource) {
        self.resource.clear();
        Writer::new(&mut self.resource).message(1, |out| attributes::write(out, 1, &resource.attributes));
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
            span::write(&mut Writer::new(&mut self.spans), data);
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
        Writer::new(body).message(1, |out| {
            out.raw(&self.resource);
            let mut at = self.taken;
            for scope in self.ends[at..upto].chunk_by(|one, next| one.1 == next.1) {
                let from = self.end_of(at);
                at += scope.len();
                out.message(2, |out| {
                    out.message(1, |out| out.text(1, scope[0].1));
                    out.raw(&self.spans[from..self.end_of(at)]);
                });
            }
        });
        self.taken = upto;
        Some(count as u64)
    }

    /// Where the first `count` spans end.
    fn end_of(&self, count: usize) -> usize {
        count.checked_sub(1).and_then(|last| self.ends.get(last)).map_or(0, |(end, _)| *end)
    }
}
