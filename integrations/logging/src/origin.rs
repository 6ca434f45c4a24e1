//! What a logger of ours adds to its lines, told to the layer beside the event.

use std::cell::RefCell;

/// Who logs, if it is one of our loggers.
#[derive(Debug, Clone, Default)]
pub(crate) struct Origin {
    /// The service, if it is not the one that logging was set up for.
    pub(crate) service: Option<std::sync::Arc<str>>,
    /// The logger has decided itself that the line is written.
    pub(crate) is_decided: bool,
    /// The reporter, and whether its line goes to the console.
    pub(crate) reporter: Option<(u64, bool)>,
    pub(crate) is_success: bool,
}

thread_local! {
    static ORIGIN: RefCell<Option<Origin>> = const { RefCell::new(None) };
}

/// Runs `log`, whose event comes from `origin`.
pub(crate) fn with(origin: Origin, log: impl FnOnce()) {
    struct Before(Option<Origin>);
    impl Drop for Before {
        fn drop(&mut self) {
            let before = self.0.take();
            let _ = ORIGIN.try_with(|origin| origin.replace(before));
        }
    }
    let _before = Before(ORIGIN.try_with(|current| current.replace(Some(origin))).ok().flatten());
    log();
}

/// Takes who logs, so that what is logged while the line is made has another origin.
pub(crate) fn take() -> Origin {
    ORIGIN.try_with(|origin| origin.borrow_mut().take()).ok().flatten().unwrap_or_default()
}

pub(crate) fn is_decided() -> bool {
    ORIGIN
        .try_with(|origin| origin.borrow().as_ref().is_some_and(|origin| origin.is_decided))
        .unwrap_or(false)
}
