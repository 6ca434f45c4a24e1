use std::time::Duration;

use super::RetryConfig;

/// The options that each call computes, as the attribute's expressions say. One that is set from outside is not among them
/// any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PerCall(u8);

impl PerCall {
    /// None of them.
    pub const NONE: Self = Self(0);
    #[doc(hidden)]
    pub const MAX_ATTEMPTS: Self = Self(1);
    #[doc(hidden)]
    pub const INITIAL_DELAY: Self = Self(2);
    #[doc(hidden)]
    pub const MAX_DELAY: Self = Self(4);
    #[doc(hidden)]
    pub const EXPONENTIAL_BASE: Self = Self(8);
    #[doc(hidden)]
    pub const MAX_ELAPSED: Self = Self(16);

    pub(super) const fn has(self, option: Self) -> bool {
        self.0 & option.0 != 0
    }

    pub(super) const fn without(self, option: Self) -> Self {
        Self(self.0 & !option.0)
    }
}

impl RetryConfig {
    /// Says that each call computes that option.
    #[doc(hidden)]
    #[must_use]
    pub const fn per_call(mut self, option: PerCall) -> Self {
        self.per_call = PerCall(self.per_call.0 | option.0);
        self
    }

    /// This configuration with what a call has computed in place of what each call says itself.
    pub(crate) fn with_computed(mut self, computed: &Self) -> Self {
        let is_computed = |option| self.per_call.has(option);
        if is_computed(PerCall::MAX_ATTEMPTS) {
            self.max_attempts = computed.max_attempts;
        }
        if is_computed(PerCall::INITIAL_DELAY) {
            self.initial_delay = computed.initial_delay;
        }
        if is_computed(PerCall::MAX_DELAY) {
            self.max_delay = computed.max_delay;
        }
        if is_computed(PerCall::EXPONENTIAL_BASE) {
            self.exponential_base = computed.exponential_base;
        }
        if is_computed(PerCall::MAX_ELAPSED) {
            self.max_elapsed = computed.max_elapsed;
        }
        self
    }

    /// This option set from outside, whatever calls compute.
    pub(super) fn overridden(mut self, option: PerCall) -> Self {
        self.per_call = self.per_call.without(option);
        self
    }

    /// The text of an option's value, unless each call says it.
    pub(super) fn shown(&self, option: PerCall, text: impl FnOnce() -> String) -> String {
        if self.per_call.has(option) { "set by each call".to_owned() } else { text() }
    }

    pub(super) fn text_of_delay(&self, option: PerCall, delay: Duration) -> String {
        self.shown(option, || format!("{delay:?}"))
    }
}
