use super::Meaning;
use crate::glue::Flow;

/// What an answer means by `judge`; nothing, where it came when a deadline from outside was over.
///
/// An error is then as likely to be the caller's own time-out as a failure of the other side, and `judge` is not asked. A value
/// that `judge` finds bad may be what the other side says to a caller without time, such as a status of 504.
///
/// Whether it is nobody's fault is for [`Flow`] to say, as it is in the stacks of attributes.
#[inline]
pub fn judged<T, E, M: Meaning>(answer: &Result<T, E>, judge: impl FnOnce(&Result<T, E>) -> M) -> M {
    if answer.is_err() && Flow::RAN.says_nothing() {
        return M::NOTHING;
    }
    let meaning = judge(answer);
    if answer.is_ok() && meaning.is_bad() && Flow::RAN.says_nothing() {
        return M::NOTHING;
    }
    meaning
}
