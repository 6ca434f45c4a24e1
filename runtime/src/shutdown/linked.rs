//! The functions under `#[on_shutdown]`, put together by the linker.

use std::time::Duration;

use super::{GracefulShutdown, Handler, Phase, Place, ShutdownError, handler::HandlerFuture};
use crate::Name;

#[doc(hidden)]
#[linkme::distributed_slice]
pub static HANDLERS: [Linked];

/// A function under `#[on_shutdown]`.
#[doc(hidden)]
#[derive(Debug)]
pub struct Linked {
    name: &'static str,
    place: Place,
    options: LinkedOptions,
    /// What names the function to those that come after it.
    key: fn() -> &'static str,
    call: Call,
}

#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct LinkedOptions {
    pub phase: Phase,
    pub after: &'static [After],
    pub timeout: Option<Duration>,
}

/// What a function comes after.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub enum After {
    /// The handler of that name.
    Name(&'static str),
    /// The function whose key this gives.
    Function(fn() -> &'static str),
}

/// How a function is called.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub enum Call {
    Async(fn() -> HandlerFuture),
    Sync(fn() -> Result<(), String>),
}

impl Linked {
    #[doc(hidden)]
    pub const fn new(
        name: &'static str,
        place: (&'static str, u32),
        options: LinkedOptions,
        key: fn() -> &'static str,
        call: Call,
    ) -> Self {
        Self { name, place: Place::new(place.0, place.1), options, key, call }
    }

    fn handler(&self) -> Result<Handler, ShutdownError> {
        let mut handler = match self.call {
            Call::Async(call) => Handler::boxed(self.name, Box::new(call)),
            Call::Sync(call) => Handler::blocking(self.name, call),
        };
        let LinkedOptions { phase, after, timeout } = self.options;
        handler = handler.phase(phase).at(self.place);
        handler.timeout = timeout;
        for after in after {
            handler = handler.after(self.resolve(after)?);
        }
        Ok(handler)
    }

    fn resolve(&self, after: &After) -> Result<Name, ShutdownError> {
        let key = match after {
            After::Name(name) => return Ok((*name).into()),
            After::Function(key) => key(),
        };
        let found = HANDLERS.iter().find(|other| (other.key)() == key);
        found.map(|other| other.name.into()).ok_or_else(|| ShutdownError::UnknownAfter {
            name: self.name.into(),
            place: self.place,
            after: key.into(),
            known: HANDLERS
                .iter()
                .filter(|other| !std::ptr::eq(*other, self))
                .map(|other| other.name.into())
                .collect(),
        })
    }
}

/// Registers the annotated functions, by file and line.
pub(super) fn register(shutdown: &GracefulShutdown) -> Result<(), ShutdownError> {
    let mut linked: Vec<_> = HANDLERS.iter().collect();
    linked.sort_by_key(|linked| (linked.place.file(), linked.place.line()));
    for linked in linked {
        shutdown.on_shutdown(linked.handler()?)?;
    }
    Ok(())
}
