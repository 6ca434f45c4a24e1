use super::{
    attach, note,
    recording::{Recording, left},
    stack::Key,
};

/// How a call ended.
#[derive(Debug, Default)]
pub struct Ending {
    /// The type of the error, if it failed.
    pub error_type: Option<&'static str>,
    /// What the error says, if that is to be recorded.
    pub error: Option<String>,
    /// The value, if that is to be recorded.
    pub value: Option<String>,
}

/// What is said of how a call ended: an [`Ending`], or the type of the error alone.
pub trait Ends: Sized {
    /// Ends the span.
    #[doc(hidden)]
    #[expect(private_interfaces, reason = "nobody else has endings")]
    fn end(recording: Recording, ending: impl FnOnce() -> Self);

    /// Leaves the span and ends it.
    #[doc(hidden)]
    #[expect(private_interfaces, reason = "nobody else has endings")]
    fn end_lent(key: Key, ending: impl FnOnce() -> Self);
}

impl Ends for Option<&'static str> {
    #[expect(private_interfaces, reason = "nobody else has endings")]
    #[inline]
    fn end(recording: Recording, ending: impl FnOnce() -> Self) {
        end_plainly(recording, ending());
    }

    #[expect(private_interfaces, reason = "nobody else has endings")]
    #[inline(always)]
    fn end_lent(key: Key, ending: impl FnOnce() -> Self) {
        end_lent_plainly(key, ending());
    }
}

#[inline(never)]
fn end_lent_plainly(key: Key, error_type: Option<&'static str>) {
    if let Some(recording) = left(key) {
        end_now(recording, error_type);
    }
}

#[inline(never)]
fn end_plainly(recording: Recording, error_type: Option<&'static str>) {
    end_now(recording, error_type);
}

#[inline(always)]
fn end_now(mut recording: Recording, error_type: Option<&'static str>) {
    if error_type.is_some() {
        note_error(&mut recording, error_type);
    }
}

#[cold]
fn note_error(recording: &mut Recording, error_type: Option<&'static str>) {
    if let Some(record) = recording.record() {
        note::end(record, Ending { error_type, ..Ending::default() });
    }
}

impl Ends for Ending {
    #[expect(private_interfaces, reason = "nobody else has endings")]
    fn end(recording: Recording, ending: impl FnOnce() -> Self) {
        if recording.is_traced() || recording.is_recorded() {
            end_fully(recording, ending());
        }
    }

    #[expect(private_interfaces, reason = "nobody else has endings")]
    fn end_lent(key: Key, ending: impl FnOnce() -> Self) {
        if let Some(recording) = left(key) {
            Self::end(recording, ending);
        }
    }
}

#[inline(never)]
fn end_fully(mut recording: Recording, ending: Ending) {
    if let Some(twin) = recording.twin()
        && (ending.error.is_some() || ending.value.is_some())
    {
        let _entered = twin.enter();
        // The call has left its span, and the lines belong to it.
        let _attached = recording.context().map(|context| attach(Some(context)));
        if let Some(error) = &ending.error {
            tracing::error!(target: "mainstay::trace_span", error = error.as_str(), "the call failed");
        }
        if let Some(value) = &ending.value {
            tracing::info!(target: "mainstay::trace_span", r#return = value.as_str(), "the call returned");
        }
    }
    if let Some(record) = recording.record() {
        note::end(record, ending);
    }
}
