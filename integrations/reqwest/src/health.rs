use std::borrow::Cow;

use mainstay_runtime::health::{CheckOptions, Health, HealthCheck};
use reqwest::{Client, StatusCode, Url};

/// Whether a service that this one depends on answers: a `GET` of an address of it gives 200 to 299. Beside it the status.
///
/// It is asked for readiness, within 80 ms unless told otherwise. What the service says besides is not read.
///
/// ```no_run
/// use mainstay_reqwest::HttpHealthCheck;
/// use mainstay_runtime::health::{CheckOptions, HealthStatus, checks};
///
/// # fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let taxes = HttpHealthCheck::new(reqwest::Client::new(), "http://taxes.internal:8080/health/ready".parse()?);
/// checks().add_with("taxes", CheckOptions::new().on_fail(HealthStatus::Degraded), taxes)?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct HttpHealthCheck {
    client: Client,
    url: Url,
    expected: Option<StatusCode>,
}

impl HttpHealthCheck {
    /// A check that asks for this address.
    pub const fn new(client: Client, url: Url) -> Self {
        Self { client, url, expected: None }
    }

    /// The one status that is healthy, such as 401 of a service that asks who is there. Default: 200 to 299.
    #[must_use]
    pub const fn expect(mut self, status: StatusCode) -> Self {
        self.expected = Some(status);
        self
    }
}

impl HealthCheck for HttpHealthCheck {
    async fn check(&self) -> Health {
        let status = match self.client.get(self.url.clone()).send().await {
            Ok(response) => response.status(),
            // An address may hold what is nobody's business.
            Err(error) => return Health::unhealthy(told(&error.without_url())),
        };
        let is_well = self.expected.map_or_else(|| status.is_success(), |expected| status == expected);
        let health = match is_well {
            true => Health::healthy(),
            false => Health::unhealthy(format!("answered {status}")),
        };
        health.with("status", status.as_u16())
    }

    fn name() -> Cow<'static, str> {
        "http".into()
    }

    fn options() -> CheckOptions {
        CheckOptions::new().ready()
    }
}

/// The error with its causes, which say what is the matter.
fn told(error: &reqwest::Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(next) = cause {
        text.push_str(": ");
        text.push_str(&next.to_string());
        cause = next.source();
    }
    text
}
