//! A span under way that will be exported, and where its memory comes from and goes to.

use std::{
    borrow::Cow,
    cell::RefCell,
    ops::{Deref, DerefMut},
};

use super::{SpanContext, SpanData, SpanKind, SpanRecord, Status, pipeline};
use crate::clock;

/// A record that goes to the exporter when it is dropped, wherever that happens.
#[derive(Debug)]
pub(super) struct Recording(Option<SpanData>);

thread_local! {
    /// Records for spans to come.
    static SPARE: RefCell<Vec<SpanData>> = const { RefCell::new(Vec::new()) };
}

/// How many records a thread takes from the common pool at a time.
const AT_A_TIME: usize = 32;

impl Recording {
    /// Begins a span, now.
    #[inline]
    pub(super) fn begin(name: Cow<'static, str>, context: SpanContext, parent: Option<SpanContext>) -> Self {
        let start = clock::now().as_nanos();
        let mut data = match spare() {
            Some(data) => {
                let mut data = data;
                data.context = context;
                data.name = name;
                data
            }
            None => fresh(name, context),
        };
        data.start = start;
        (data.parent, data.parent_is_remote) = match parent {
            Some(parent) => (Some(parent.span_id), parent.is_remote),
            None => (None, false),
        };
        Self(Some(data))
    }
}

#[cold]
fn fresh(name: Cow<'static, str>, context: SpanContext) -> SpanData {
    SpanRecord::new(name, context).into()
}

#[inline]
fn spare() -> Option<SpanData> {
    SPARE
        .try_with(|spare| {
            let mut spare = spare.try_borrow_mut().ok()?;
            if spare.is_empty() {
                pipeline::take_spare(&mut spare, AT_A_TIME);
            }
            spare.pop()
        })
        .ok()
        .flatten()
}

impl Deref for Recording {
    type Target = SpanRecord;

    #[inline]
    fn deref(&self) -> &SpanRecord {
        match &self.0 {
            Some(data) => data,
            None => unreachable!("only dropping takes the record out"),
        }
    }
}

impl DerefMut for Recording {
    #[inline]
    fn deref_mut(&mut self) -> &mut SpanRecord {
        match &mut self.0 {
            Some(data) => data,
            None => unreachable!("only dropping takes the record out"),
        }
    }
}

impl Drop for Recording {
    #[inline]
    fn drop(&mut self) {
        if let Some(mut data) = self.0.take() {
            data.end = clock::now().as_nanos().max(data.start);
            pipeline::finish(data);
        }
    }
}

/// Makes a record fit to be used again. What it has grown to by an unusual span is given back.
pub(super) fn wash(data: &mut SpanRecord) {
    fn clear<T>(things: &mut Vec<T>, keep: usize) {
        things.clear();
        if things.capacity() > keep {
            things.shrink_to(keep);
        }
    }
    clear(&mut data.attributes, 16);
    clear(&mut data.events, 4);
    clear(&mut data.links, 2);
    data.name = Cow::Borrowed("");
    data.kind = SpanKind::Internal;
    data.status = Status::Unset;
    data.scope = super::SCOPE;
    data.code = None;
    data.refusal = None;
    (data.dropped_attributes, data.dropped_events, data.dropped_links) = (0, 0, 0);
}
