use std::{error::Error as StdError, fmt};

use mainstay_runtime::Error;

/// A request that was not sent. The policies' error is its source, where classifiers and [`refusal`] find it.
#[derive(Debug)]
struct NotSent(Error);

impl fmt::Display for NotSent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the request was not sent")
    }
}

impl StdError for NotSent {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&self.0)
    }
}

pub(crate) fn error(host: Option<&str>) -> reqwest_middleware::Error {
    let policy = host.unwrap_or("deadline").to_owned();
    reqwest_middleware::Error::middleware(NotSent(Error::deadline_exceeded(policy)))
}

/// Why a policy did not let a request go out, if that is why it failed. Its policy is the host of the request.
///
/// ```
/// use mainstay_reqwest::{Observe, refusal};
/// use mainstay_runtime::{Kind, deadline};
/// use reqwest_middleware::ClientBuilder;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let client = ClientBuilder::new(reqwest::Client::new()).with(Observe).build();
/// let late = deadline::scope(std::time::Duration::ZERO, client.get("http://stock.internal/items/7").send()).await;
/// let error = late.unwrap_err();
/// assert_eq!(refusal(&error).map(|refusal| refusal.kind()), Some(Kind::DeadlineExceeded));
/// # }
/// ```
pub fn refusal(error: &reqwest_middleware::Error) -> Option<&Error> {
    let mut source = StdError::source(error);
    while let Some(error) = source {
        if let Some(refusal) = error.downcast_ref() {
            return Some(refusal);
        }
        source = error.source();
    }
    None
}
