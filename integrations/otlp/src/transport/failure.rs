use std::{error::Error as StdError, fmt, time::Duration};

use crate::wire::Fields;

/// A request that has not been answered with success.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) message: String,
    pub(crate) source: Option<Box<dyn StdError + Send + Sync>>,
    pub(crate) retry: Retry,
}

/// Whether another try may help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Retry {
    Never,
    /// After a wait of our choice, but not before that, if the collector has said when to come back.
    After(Option<Duration>),
}

impl Failure {
    /// One that another try will not change.
    pub(crate) fn is_final(message: impl Into<String>) -> Self {
        Self { message: message.into(), source: None, retry: Retry::Never }
    }

    /// One that may pass.
    pub(crate) fn passes(message: impl Into<String>, after: Option<Duration>) -> Self {
        Self { retry: Retry::After(after), ..Self::is_final(message) }
    }

    pub(crate) fn with_source(self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { source: Some(source.into()), ..self }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// The message of a `google.rpc.Status`, which collectors give their reasons in.
pub(super) fn reason(status: &[u8]) -> String {
    Fields::text(status, 2)
}

/// The same in JSON.
pub(super) fn reason_json(status: &[u8]) -> String {
    let status: serde_json::Value = serde_json::from_slice(status).unwrap_or_default();
    status["message"].as_str().unwrap_or_default().to_owned()
}

/// When to come back, where a `google.rpc.Status` says so: the `RetryInfo` among its details.
#[cfg(feature = "grpc")]
pub(super) fn retry_info(status: &[u8]) -> Option<Duration> {
    let details =
        Fields::of(status).filter(|(field, _)| *field == 3).filter_map(|(_, detail)| detail.bytes());
    let info = details
        .filter(|detail| Fields::text(detail, 1).ends_with("/google.rpc.RetryInfo"))
        .find_map(|detail| Fields::bytes(detail, 2))?;
    // Without a delay it says that to come back is welcome at any time.
    let delay = Fields::bytes(info, 1).unwrap_or_default();
    let seconds = i64::try_from(Fields::number(delay, 1).unwrap_or(0)).unwrap_or(0);
    let nanos = u32::try_from(Fields::number(delay, 2).unwrap_or(0)).unwrap_or(0);
    Some(Duration::from_secs(seconds.unsigned_abs()).saturating_add(Duration::from_nanos(nanos.into())))
}

#[cfg(all(test, feature = "grpc"))]
mod tests {
    use super::*;
    use crate::wire::Writer;

    fn status(kind: &str, seconds: u64, nanos: u64) -> Vec<u8> {
        let mut status = Vec::new();
        let mut out = Writer::new(&mut status);
        out.varint(1, 14);
        out.text(2, "busy");
        out.message(3, |any| any.text(1, "type.googleapis.com/google.rpc.DebugInfo"));
        out.message(3, |any| {
            any.text(1, &format!("type.googleapis.com/google.rpc.{kind}"));
            any.message(2, |info| {
                info.message(1, |delay| {
                    delay.varint(1, seconds);
                    delay.varint(2, nanos);
                });
            });
        });
        status
    }

    #[test]
    fn a_delay_is_found_among_the_details() {
        assert_eq!(retry_info(&status("RetryInfo", 2, 500_000_000)), Some(Duration::from_millis(2500)));
        assert_eq!(retry_info(&status("Help", 2, 0)), None);
        assert_eq!(reason(&status("RetryInfo", 2, 0)), "busy");
    }

    #[test]
    fn a_delay_that_makes_no_sense_is_none() {
        assert_eq!(retry_info(&status("RetryInfo", u64::MAX, u64::MAX)), Some(Duration::ZERO));
        assert_eq!(retry_info(&[0xff; 30]), None);
    }
}
