use std::fmt;

use super::{BoxHealth, CheckOptions};

/// The functions with `#[health_check]`, put together by the linker.
#[doc(hidden)]
#[linkme::distributed_slice]
pub static CHECKS: [CheckSite];

/// A function with `#[health_check]`.
pub struct CheckSite {
    name: &'static str,
    options: CheckOptions,
    path: &'static str,
    file: &'static str,
    line: u32,
    call: fn() -> BoxHealth<'static>,
}

impl CheckSite {
    #[doc(hidden)]
    pub const fn new(
        name: &'static str,
        options: CheckOptions,
        (path, file, line): (&'static str, &'static str, u32),
        call: fn() -> BoxHealth<'static>,
    ) -> Self {
        Self { name, options: options.checked(), path, file, line, call }
    }

    /// The check's name.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// What is written beside it.
    pub fn options(&self) -> CheckOptions {
        self.options
    }

    /// The module path and name of the function.
    pub fn path(&self) -> &'static str {
        self.path
    }

    /// The source file.
    pub fn file(&self) -> &'static str {
        self.file
    }

    /// The line in that file.
    pub fn line(&self) -> u32 {
        self.line
    }

    pub(super) fn call(&self) -> fn() -> BoxHealth<'static> {
        self.call
    }
}

impl fmt::Debug for CheckSite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}:{})", self.path, self.file, self.line)
    }
}
