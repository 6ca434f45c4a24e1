//! Charging an order: one call over the network, under everything that keeps it from taking the shop down.

use std::{
    io,
    net::SocketAddr,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use hyper::{Response, StatusCode, header::RETRY_AFTER};
use mainstay::{
    Classify, Kind, bulkhead, circuit_breaker, fallback, idempotent, metered, rate_limit, retry, timeout,
    trace_span,
};
use mainstay::{idempotent::Idempotency, policies};

use crate::http::Client;

/// What a customer wants to buy.
#[derive(Debug, Clone, PartialEq, Hash)]
pub struct Order {
    pub id: u64,
    pub customer: u32,
    pub country: String,
    pub cents: u64,
}

/// How an order was settled.
#[derive(Debug, Clone, PartialEq)]
pub enum Receipt {
    /// Charged; this is the payment server's word for it.
    Paid(String),
    /// To be charged when the payment server is well again.
    Later,
}

/// Why an order was not charged. Retry and breaker read from it what may pass and what the payment server is to blame for.
#[derive(Debug, thiserror::Error, Classify)]
pub enum PayError {
    #[transient]
    #[error("the payment server cannot be reached: {0}")]
    Unreachable(#[from] io::Error),
    #[transient]
    #[error("the payment server failed with {0}")]
    Failed(StatusCode),
    #[throttled(retry_after = after)]
    #[error("the payment server is busy for {after:?}")]
    Busy { after: Duration },
    #[permanent]
    #[error("the card was declined")]
    Declined,
    #[error(transparent)]
    Policy(#[from] mainstay::Error),
}

impl PayError {
    /// Whether the payment server is to blame, and not the card or a rush of orders.
    fn is_outage(&self) -> bool {
        match self {
            Self::Unreachable(_) | Self::Failed(_) | Self::Busy { .. } => true,
            Self::Policy(refusal) => matches!(refusal.kind(), Kind::CircuitOpen | Kind::TimedOut),
            Self::Declined => false,
        }
    }
}

/// Our side of the payment server.
#[derive(Debug)]
pub struct Payments {
    server: Client,
    outbox: Mutex<Vec<u64>>,
}

impl Payments {
    pub fn new(server: SocketAddr) -> Self {
        Self { server: Client::new(server), outbox: Mutex::default() }
    }

    /// Charges an order. Read the stack from the top: a span and the metrics of all that is below; a fallback for what runs once per order, however often that is sent: three
    /// attempts, as long as the budget of retries lasts, each of which asks the breaker, takes a token and a place, and has a quarter of a second.
    #[trace_span("charge", kind = client, attrs("order.id" = order.id))]
    #[metered("charge", slo(ok = 99.0, p99 = "500ms"))]
    #[fallback(Self::accept_for_later, on(error if error.is_outage()))]
    #[idempotent("charges", key = order.id, fingerprint(order))]
    #[retry(max_attempts = 3, initial_delay = "20ms", max_elapsed = "1500ms", budget = "payments")]
    #[circuit_breaker("payments", failure_threshold = 8, success_threshold = 2, timeout = "1s")]
    #[rate_limit("payments", "200/s", burst = 50, max_wait = "50ms")]
    #[bulkhead("payments", 32, max_wait = "20ms")]
    #[timeout("250ms")]
    pub async fn charge(&self, order: &Order) -> Result<Receipt, PayError> {
        let key = order.id.to_string();
        let answer =
            self.server.post("/charges", &[("idempotency-key", &key)], order.cents.to_string()).await?;
        match answer.status() {
            StatusCode::OK => Ok(Receipt::Paid(answer.into_body())),
            StatusCode::PAYMENT_REQUIRED => Err(PayError::Declined),
            status => Err(match retry_after(&answer) {
                Some(after) => PayError::Busy { after },
                None => PayError::Failed(status),
            }),
        }
    }

    /// Puts an order aside. Should the payment server have charged it after all, charging it again under its number is harmless.
    fn accept_for_later(&self, _error: PayError, order: &Order) -> Result<Receipt, PayError> {
        self.outbox.lock().unwrap_or_else(PoisonError::into_inner).push(order.id);
        Ok(Receipt::Later)
    }

    /// How many orders came again when they had been charged, or were just being.
    pub fn sent_again(&self) -> u64 {
        policies().idempotency("charges").map_or(0, Idempotency::replayed_count)
    }

    /// How many orders were put aside.
    pub fn put_aside(&self) -> usize {
        self.outbox.lock().unwrap_or_else(PoisonError::into_inner).len()
    }
}

fn retry_after(answer: &Response<String>) -> Option<Duration> {
    let seconds = answer.headers().get(RETRY_AFTER)?.to_str().ok()?;
    Some(Duration::from_secs(seconds.parse().ok()?))
}
