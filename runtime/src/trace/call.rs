use std::{borrow::Cow, mem::ManuallyDrop};

use super::{
    Attribute, AttributeValue, SpanContext, SpanSite,
    choose::{Parent, Quick, choose_quickly, choose_recorded},
    ending::Ends,
    own::{Aborted, Own},
    recording::Recording,
};

/// The span of one call of an annotated function.
#[derive(Debug)]
pub struct Call(Own);

impl Call {
    /// Begins the span of a call. Costs a load if nobody wants it.
    #[inline(always)]
    pub fn begin<const N: usize>(
        site: &'static SpanSite,
        values: impl FnOnce() -> [Option<AttributeValue>; N],
    ) -> Self {
        match site.is_idle() {
            true => Self(Own::Off),
            false => Self(if N == 0 { begin_plain(site) } else { begin(site, || Parent::Current, values) }),
        }
    }

    /// The same as the child of a given span.
    #[inline(always)]
    pub fn begin_under<const N: usize>(
        site: &'static SpanSite,
        parent: impl FnOnce() -> Option<SpanContext>,
        values: impl FnOnce() -> [Option<AttributeValue>; N],
    ) -> Self {
        match site.is_idle() {
            true => Self(Own::Off),
            false => Self(begin(site, || Parent::Given(parent()), values)),
        }
    }

    #[inline(always)]
    pub(super) fn is_off(&self) -> bool {
        self.0.is_off()
    }

    /// Makes it the current span of this thread until the guard is dropped.
    #[inline(always)]
    pub(super) fn enter(&mut self) -> Entered<'_> {
        if !self.0.is_off() {
            self.0.enter();
        }
        Entered(&mut self.0)
    }

    /// Ends it.
    #[inline]
    pub(super) fn end<E: Ends>(&mut self, ending: impl FnOnce() -> E) {
        if let Own::Held(recording) = std::mem::replace(&mut self.0, Own::Off) {
            E::end(recording, ending);
        }
    }

    /// Makes it the current span until it is dropped itself, which it is when its future is gone: what that does last belongs to
    /// the call as well.
    #[cold]
    #[inline(never)]
    pub(super) fn enter_to_drop(&mut self) {
        if self.0.is_recorded() {
            self.0.enter();
        }
    }
}

// What follows is a call in each annotated function and no more: those are many, and small where nobody wants their spans.
#[inline(never)]
fn begin_plain(site: &'static SpanSite) -> Own {
    match choose_quickly(site) {
        Quick::Nothing => Own::Off,
        Quick::Anonymous => Own::Anonymous,
        Quick::Unknown => own(site, Parent::Current, || []),
    }
}

#[inline(never)]
pub(super) fn begin<const N: usize>(
    site: &'static SpanSite,
    parent: impl FnOnce() -> Parent,
    values: impl FnOnce() -> [Option<AttributeValue>; N],
) -> Own {
    own(site, parent(), values)
}

#[inline]
pub(super) fn own<const N: usize>(
    site: &'static SpanSite,
    parent: Parent,
    values: impl FnOnce() -> [Option<AttributeValue>; N],
) -> Own {
    let mut own = match parent {
        Parent::Current => begin_here(site),
        Parent::Given(_) => begin_with_care(site, parent),
    };
    if let Own::Held(recording) = &mut own
        && (recording.is_traced() || N > 0 && recording.is_recorded())
    {
        fill(recording, site, values());
    }
    own
}

/// The child of the current span.
#[inline(never)]
fn begin_here(site: &'static SpanSite) -> Own {
    match record_quickly(site) {
        Some(recording) => Own::Held(recording),
        None => begin_with_care(site, Parent::Current),
    }
}

/// The same, where it surely is recorded and `tracing` wants nothing.
#[inline(always)]
pub(super) fn record_quickly(site: &'static SpanSite) -> Option<Recording> {
    let (context, parent, is_remote) = choose_recorded(site)?;
    let mut recording = Recording::begin(context, parent, is_remote);
    recording.tell(site);
    Some(recording)
}

#[inline(never)]
fn begin_with_care(site: &'static SpanSite, parent: Parent) -> Own {
    let (is_recorded, is_traced) = site.wanted();
    let mut own = if is_recorded { Own::begin(Cow::Borrowed(""), parent) } else { Own::Off };
    if is_traced {
        let mut recording = own.boxed();
        recording.trace();
        own = Own::Held(recording);
    }
    if let Own::Held(recording) = &mut own {
        recording.tell(site);
    }
    own
}

#[inline(never)]
fn fill<const N: usize>(
    recording: &mut Recording,
    site: &'static SpanSite,
    values: [Option<AttributeValue>; N],
) {
    if recording.is_traced() {
        recording.set_twin(site.twin(&values));
    }
    if let Some(record) = recording.record() {
        for (key, value) in site.keys().iter().zip(values) {
            if let Some(value) = value {
                record.attributes.push(Attribute { key: Cow::Borrowed(key), value });
            }
        }
    }
}

impl Drop for Call {
    #[inline]
    fn drop(&mut self) {
        if let Own::Held(_) | Own::Lent(_) = self.0 {
            abandon(&mut self.0);
        }
    }
}

#[cold]
fn abandon(own: &mut Own) {
    own.leave();
    if own.is_recorded() {
        let panics = std::thread::panicking();
        own.abort(if panics { Aborted::Panicked } else { Aborted::Cancelled });
    }
}

/// Keeps the span of a call current. Dropped before [`leave`](Self::leave), a panic goes on.
#[derive(Debug)]
pub(super) struct Entered<'c>(&'c mut Own);

impl Entered<'_> {
    #[inline(always)]
    pub(super) fn leave(self) {
        let mut entered = ManuallyDrop::new(self);
        if !entered.0.is_off() {
            entered.0.leave();
        }
    }
}

impl Drop for Entered<'_> {
    #[inline]
    fn drop(&mut self) {
        if !self.0.is_off() {
            unwind(self.0);
        }
    }
}

#[cold]
fn unwind(own: &mut Own) {
    own.leave();
    // Not when the future is dropped: whoever catches the panic may keep that for a while.
    if own.is_recorded() {
        own.abort(Aborted::Panicked);
    }
}
