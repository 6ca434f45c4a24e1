use std::fmt;

use crate::registry::{AnyPolicy, AnySlot};

/// One annotated function: where it is and what stands around it.
#[derive(Debug)]
pub struct Site {
    path: &'static str,
    file: &'static str,
    line: u32,
    layers: &'static [Layer],
}

impl Site {
    #[doc(hidden)]
    pub const fn new(path: &'static str, file: &'static str, line: u32, layers: &'static [Layer]) -> Self {
        Self { path, file, line, layers }
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

    /// What stands around the function's body, outermost first.
    pub fn stack(&self) -> &'static [Layer] {
        self.layers
    }
}

impl fmt::Display for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}:{})", self.path, self.file, self.line)
    }
}

/// One attribute of an annotated function.
#[derive(Debug)]
pub struct Layer {
    attribute: &'static str,
    options: &'static str,
    policy: Option<&'static dyn AnySlot>,
    /// The budget that its policy spends from, where that is written with it.
    budget: Option<&'static dyn AnySlot>,
}

impl Layer {
    #[doc(hidden)]
    pub const fn new(
        attribute: &'static str,
        options: &'static str,
        policy: Option<&'static dyn AnySlot>,
    ) -> Self {
        Self { attribute, options, policy, budget: None }
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn spending(mut self, budget: &'static dyn AnySlot) -> Self {
        self.budget = Some(budget);
        self
    }

    /// The attribute's name.
    pub fn attribute(&self) -> &'static str {
        self.attribute
    }

    /// Its options as they are written.
    pub fn options(&self) -> &'static str {
        self.options
    }

    /// The name of its policy; `None` where each call brings its own (`with = …`) or there is none to speak of.
    pub fn policy(&self) -> Option<&'static str> {
        self.policy.map(AnySlot::name)
    }

    /// Its policy; `None` as for [`policy`](Self::policy).
    pub fn instance(&self) -> Option<&'static dyn AnyPolicy> {
        self.policy.map(AnySlot::policy)
    }

    /// The configuration in force, in one line.
    pub fn config(&self) -> Option<String> {
        self.policy.map(AnySlot::describe_config)
    }

    /// The policy's live state, in one line.
    pub fn state(&self) -> Option<String> {
        self.policy.map(AnySlot::describe_state)
    }

    /// Makes its policy known if its name was written by the user, or if it was not.
    pub(super) fn register(&self, named: bool) {
        let slots = [self.policy, self.budget].into_iter().flatten();
        slots.filter(|slot| slot.is_named() == named).for_each(AnySlot::register);
    }
}

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.options {
            "" => write!(f, "#[{}]", self.attribute),
            options => write!(f, "#[{}({options})]", self.attribute),
        }
    }
}
