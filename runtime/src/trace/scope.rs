use std::mem::ManuallyDrop;

use super::{
    AttributeValue, SpanContext, SpanSite,
    call::{begin, own, record_quickly},
    choose::{Parent, Quick, choose_quickly},
    current,
    ending::Ends,
    own::{Aborted, Own},
    recording::left,
    stack::Key,
};

/// The span of a call of an annotated function that is not `async`, current until this ends: one word, of which nothing is moved
/// around and nothing dropped where nobody wants the span.
#[derive(Debug)]
#[must_use = "a span ends when its scope does"]
pub struct Scope(usize);

/// No span.
const NOTHING: usize = 0;
/// One that is not sampled, and has no ids. Any other word is a [`Key`].
const ANONYMOUS: usize = 1;

impl Scope {
    /// Begins the span of a call and makes it current. Costs a load if nobody wants it.
    #[inline(always)]
    pub fn begin<const N: usize>(
        site: &'static SpanSite,
        values: impl FnOnce() -> [Option<AttributeValue>; N],
    ) -> Self {
        if site.is_idle() {
            return Self(NOTHING);
        }
        Self(if N == 0 { enter_plain(site) } else { enter(site, values) })
    }

    /// The same as the child of a given span.
    #[inline(always)]
    pub fn begin_under<const N: usize>(
        site: &'static SpanSite,
        parent: impl FnOnce() -> Option<SpanContext>,
        values: impl FnOnce() -> [Option<AttributeValue>; N],
    ) -> Self {
        if site.is_idle() {
            return Self(NOTHING);
        }
        Self(entered(begin(site, || Parent::Given(parent()), values)))
    }

    /// Ends it.
    #[inline(always)]
    pub fn end<E: Ends>(self, ending: impl FnOnce() -> E) {
        match ManuallyDrop::new(self).0 {
            NOTHING => {}
            ANONYMOUS => current::leave_anonymous_for_good(),
            key => E::end_lent(Key(key), ending),
        }
    }
}

impl Drop for Scope {
    #[inline(always)]
    fn drop(&mut self) {
        if self.0 != NOTHING {
            abandon(self.0);
        }
    }
}

#[inline(never)]
fn enter_plain(site: &'static SpanSite) -> usize {
    match choose_quickly(site) {
        Quick::Nothing => NOTHING,
        Quick::Anonymous => enter_anonymous(),
        Quick::Unknown => enter_plain_slowly(site),
    }
}

#[inline(never)]
fn enter_plain_slowly(site: &'static SpanSite) -> usize {
    if let Some(mut recording) = record_quickly(site) {
        return recording.enter().map_or(NOTHING, |key| key.0);
    }
    entered(own(site, Parent::Current, || []))
}

#[inline(never)]
fn enter<const N: usize>(
    site: &'static SpanSite,
    values: impl FnOnce() -> [Option<AttributeValue>; N],
) -> usize {
    match choose_quickly(site) {
        Quick::Nothing => NOTHING,
        Quick::Anonymous => enter_anonymous(),
        Quick::Unknown => entered(own(site, Parent::Current, values)),
    }
}

#[inline]
fn enter_anonymous() -> usize {
    current::begin_anonymous();
    ANONYMOUS
}

fn entered(mut own: Own) -> usize {
    own.enter();
    match own {
        Own::Off | Own::Held(_) => NOTHING,
        Own::Anonymous => ANONYMOUS,
        Own::Lent(key) => key.0,
    }
}

#[cold]
fn abandon(word: usize) {
    if word == ANONYMOUS {
        return current::leave_anonymous_for_good();
    }
    if let Some(recording) = left(Key(word)) {
        let panics = std::thread::panicking();
        Own::Held(recording).abort(if panics { Aborted::Panicked } else { Aborted::Cancelled });
    }
}
