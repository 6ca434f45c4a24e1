use std::fmt;

/// Why a metric could not be made: what is wrong with it and what to write instead.
#[derive(Clone, PartialEq, Eq)]
pub struct MetricError {
    metric: String,
    problem: String,
}

impl MetricError {
    /// `problem` is a sentence that says what to do about it.
    pub fn new(metric: impl Into<String>, problem: impl Into<String>) -> Self {
        Self { metric: metric.into(), problem: problem.into() }
    }

    /// The metric's name as it was given.
    pub fn metric(&self) -> &str {
        &self.metric
    }

    /// What is wrong and what to write instead.
    pub fn problem(&self) -> &str {
        &self.problem
    }
}

/// As [`Display`](fmt::Display): a `main` that returns it, and an `unwrap`, print this.
impl fmt::Debug for MetricError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for MetricError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "metric `{}`: {}", self.metric, self.problem)
    }
}

impl std::error::Error for MetricError {}
