use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use mainstay_runtime::{
    ConfigError,
    retry::Retry as RetryPolicy,
    trace::{ExportError, Resource, SpanData, SpanExporter},
};

use crate::{
    encode::Requests,
    tally::Tally,
    transport::{Answer, Failure, Retry, Transport},
};

/// Sends batches to a collector, again where that may help.
pub(crate) struct OtlpExporter {
    transport: Box<dyn Transport>,
    requests: Requests,
    body: Vec<u8>,
    retry: RetryPolicy,
    request_timeout: Duration,
    export_timeout: Duration,
    tally: Arc<Tally>,
    is_refusing: bool,
    /// What the collector said last.
    last_words: String,
}

impl OtlpExporter {
    /// `request_timeout` is for each request, `export_timeout` for one with all that is tried again.
    pub(crate) fn new(
        transport: Box<dyn Transport>,
        request_timeout: Duration,
        export_timeout: Duration,
        tally: Arc<Tally>,
    ) -> Result<Self, ConfigError> {
        // A short time has room for short waits only.
        let first = (export_timeout / 16).min(Duration::from_secs(1));
        let retry = RetryPolicy::builder()
            .max_attempts(u32::MAX)
            .initial_delay(first)
            .max_delay(first * 5)
            .max_elapsed(export_timeout)
            .build("otlp")?;
        let encoding = transport.encoding();
        Ok(Self {
            transport,
            requests: Requests::new(encoding),
            body: Vec::new(),
            retry,
            request_timeout,
            export_timeout,
            tally,
            is_refusing: false,
            last_words: String::new(),
        })
    }

    /// Sends what is in `body`, again while that may help and there is time.
    fn send(&mut self) -> Result<Answer, Failure> {
        let Self { transport, body, retry, request_timeout, export_timeout, tally, .. } = self;
        transport.prepare(body);
        let started = Instant::now();
        let limit = || {
            let left = export_timeout.saturating_sub(started.elapsed()).min(tally.left());
            // In no time nothing is answered, and some clients take it for any time.
            left.min(*request_timeout).max(Duration::from_millis(1))
        };
        retry
            .every_error()
            .retry_if(|failure: &Failure| failure.retry != Retry::Never && !tally.left().is_zero())
            .retry_after(|failure: &Failure| match failure.retry {
                Retry::After(told) => told,
                Retry::Never => None,
            })
            .call(|| transport.send(body, limit()))
    }

    /// Counts what was taken, and says what the collector wants to be known, once.
    fn taken(&mut self, spans: u64, answer: Answer) {
        let Answer { rejected, message } = answer;
        let rejected = rejected.min(spans);
        self.tally.taken(spans - rejected, rejected);
        if message == self.last_words && (rejected > 0) == self.is_refusing {
            return;
        }
        let endpoint = self.transport.endpoint();
        if rejected > 0 {
            tracing::warn!(target: "mainstay", endpoint, rejected, reason = message, "the collector refuses spans");
        } else if !message.is_empty() {
            tracing::warn!(target: "mainstay", endpoint, message, "the collector warns");
        } else if self.is_refusing {
            tracing::info!(target: "mainstay", endpoint, "the collector takes all spans again");
        }
        (self.is_refusing, self.last_words) = (rejected > 0, message);
    }
}

impl SpanExporter for OtlpExporter {
    fn start(&mut self, resource: &Resource) {
        self.requests.start(resource);
    }

    fn export(&mut self, batch: &mut Vec<SpanData>) -> Result<(), ExportError> {
        self.requests.fill(batch);
        let mut failed: Option<Failure> = None;
        while let Some(spans) = self.requests.next(&mut self.body) {
            match self.send() {
                Ok(answer) => self.taken(spans, answer),
                // Who is away for one part is away for the next ones.
                Err(failure) if failure.retry != Retry::Never => {
                    failed = Some(failure);
                    break;
                }
                Err(failure) => failed = Some(failure),
            }
        }
        let Some(Failure { message, source, .. }) = failed else { return Ok(()) };
        let error = ExportError::new(format!("{}: {message}", self.transport.endpoint()));
        Err(match source {
            Some(source) => error.with_source(source),
            None => error,
        })
    }
}
