use std::sync::atomic::{AtomicU8, Ordering};

use crate::trace::{VariableError, Variables};

/// Which of the W3C's headers are read and written, process-wide: by default both.
///
/// The ids of the request are read and written whatever this says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Propagators {
    trace_context: bool,
    baggage: bool,
}

const TRACE_CONTEXT: u8 = 1;
const BAGGAGE: u8 = 2;

static IN_FORCE: AtomicU8 = AtomicU8::new(TRACE_CONTEXT | BAGGAGE);

impl Propagators {
    /// None of them.
    pub const fn none() -> Self {
        Self { trace_context: false, baggage: false }
    }

    /// Whether `traceparent` and `tracestate` are read and written.
    #[must_use]
    pub const fn trace_context(mut self, yes: bool) -> Self {
        self.trace_context = yes;
        self
    }

    /// Whether `baggage` is.
    #[must_use]
    pub const fn baggage(mut self, yes: bool) -> Self {
        self.baggage = yes;
        self
    }

    /// What `OTEL_PROPAGATORS` says: `tracecontext`, `baggage`, both between commas, or `none`; `None` where it is not set.
    ///
    /// # Errors
    /// It names something else, such as `b3`.
    pub fn from_variables(variables: &Variables<'_>) -> Result<Option<Self>, VariableError> {
        let Some(given) = variables.first(&["OTEL_PROPAGATORS"])? else { return Ok(None) };
        let mut propagators = Self::none();
        for name in given.value.split(',').map(str::trim).filter(|name| !name.is_empty()) {
            match name {
                "tracecontext" => propagators.trace_context = true,
                "baggage" => propagators.baggage = true,
                "none" if given.value == "none" => {}
                _ => {
                    return Err(given.wrong(format!(
                        "`{name}` is not spoken here: write `tracecontext`, `baggage`, both with a comma between them, or `none`"
                    )));
                }
            }
        }
        Ok(Some(propagators))
    }

    /// Makes it so from now on, in the whole process.
    pub fn put_in_force(self) {
        let (trace, baggage) =
            (u8::from(self.trace_context) * TRACE_CONTEXT, u8::from(self.baggage) * BAGGAGE);
        IN_FORCE.store(trace | baggage, Ordering::Relaxed);
    }

    /// Those in force.
    pub fn in_force() -> Self {
        let word = IN_FORCE.load(Ordering::Relaxed);
        Self { trace_context: word & TRACE_CONTEXT != 0, baggage: word & BAGGAGE != 0 }
    }

    pub(super) const fn has_trace_context(self) -> bool {
        self.trace_context
    }

    pub(super) const fn has_baggage(self) -> bool {
        self.baggage
    }
}

impl Default for Propagators {
    fn default() -> Self {
        Self::none().trace_context(true).baggage(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: &str) -> Result<Option<Propagators>, VariableError> {
        Propagators::from_variables(&Variables::of([("OTEL_PROPAGATORS", value)]))
    }

    #[test]
    fn they_are_named_as_opentelemetry_names_them() {
        let none = Propagators::none();
        assert_eq!(read("tracecontext, baggage"), Ok(Some(Propagators::default())));
        assert_eq!(read("baggage"), Ok(Some(none.baggage(true))));
        assert_eq!(read("tracecontext"), Ok(Some(none.trace_context(true))));
        assert_eq!(read("none"), Ok(Some(none)));
        assert_eq!(read(" "), Ok(None));
    }

    #[test]
    fn another_is_refused_with_what_there_is() {
        for value in ["b3", "tracecontext,b3multi", "none,baggage", "jaeger"] {
            let error = read(value).unwrap_err();
            assert_eq!(error.variable(), "OTEL_PROPAGATORS");
            assert!(error.to_string().contains("write `tracecontext`"), "{error}");
        }
    }
}
