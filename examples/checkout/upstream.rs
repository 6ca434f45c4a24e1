//! The payment server: somebody else's, and not always well.

use std::{
    collections::HashSet,
    future::pending,
    sync::{Arc, Mutex, PoisonError},
};

use hyper::{Request, Response, StatusCode, body::Incoming, header::RETRY_AFTER};
use mainstay::{observe::Counter, trace_span};
use tokio::{
    net::TcpListener,
    time::{Instant, sleep},
};

use crate::{
    http,
    stop::Stop,
    weather::{Schedule, Weather},
};

/// A payment server on a schedule of moods.
#[derive(Debug)]
pub struct Upstream {
    schedule: Schedule,
    started: Instant,
    charged: Mutex<HashSet<String>>,
    pub seen: Seen,
}

/// What the payment server saw.
#[derive(Debug, Default)]
pub struct Seen {
    /// Every call.
    pub calls: Counter,
    /// Calls answered with a receipt.
    pub receipts: Counter,
    /// Calls answered with a refusal to charge this customer.
    pub declines: Counter,
    /// Calls answered with an error.
    pub failures: Counter,
    /// Calls whose caller hung up before there was an answer.
    pub abandoned: Counter,
}

impl Upstream {
    pub fn new(schedule: Schedule) -> Arc<Self> {
        Arc::new(Self { schedule, started: Instant::now(), charged: Mutex::default(), seen: Seen::default() })
    }

    pub fn weather(&self) -> Weather {
        self.schedule.at(self.started.elapsed())
    }

    pub async fn serve(self: Arc<Self>, listener: TcpListener, stop: Stop) {
        let handle = move |request| {
            let upstream = Arc::clone(&self);
            async move { upstream.answer(request).await }
        };
        http::serve(listener, stop, handle).await;
    }

    #[trace_span("POST /charges", kind = server)]
    async fn answer(&self, request: Request<Incoming>) -> Response<String> {
        self.seen.calls.increment();
        let mut unanswered = Unanswered { counted_as: Some(&self.seen.abandoned) };
        let response = match self.weather() {
            Weather::Healthy => self.charge(&request),
            Weather::Failing(percent) if fastrand::u8(0..100) < percent => self.fail(),
            Weather::Failing(_) => self.charge(&request),
            Weather::Hanging => pending().await,
            Weather::Slow(by) => {
                sleep(by).await;
                self.charge(&request)
            }
        };
        unanswered.counted_as = None;
        response
    }

    /// Charges an order once, however often it is asked to: the idempotency key is the order's number.
    fn charge(&self, request: &Request<Incoming>) -> Response<String> {
        let key = request.headers().get("idempotency-key").and_then(|key| key.to_str().ok());
        let Some(order) = key else {
            return respond(StatusCode::BAD_REQUEST, "send an Idempotency-Key");
        };
        // One card in fifty is declined, and the same one every time.
        if order.ends_with("49") || order.ends_with("99") {
            self.seen.declines.increment();
            return respond(StatusCode::PAYMENT_REQUIRED, "card declined");
        }
        self.charged.lock().unwrap_or_else(PoisonError::into_inner).insert(order.to_owned());
        self.seen.receipts.increment();
        respond(StatusCode::OK, &format!("receipt-{order}"))
    }

    /// How many orders were charged.
    pub fn charged(&self) -> usize {
        self.charged.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    fn fail(&self) -> Response<String> {
        self.seen.failures.increment();
        if fastrand::bool() {
            return respond(StatusCode::INTERNAL_SERVER_ERROR, "out of order");
        }
        let mut busy = respond(StatusCode::SERVICE_UNAVAILABLE, "busy");
        busy.headers_mut().insert(RETRY_AFTER, 1.into());
        busy
    }
}

fn respond(status: StatusCode, text: &str) -> Response<String> {
    let mut response = Response::new(text.to_owned());
    *response.status_mut() = status;
    response
}

/// Counts a call that is dropped before its answer.
struct Unanswered<'a> {
    counted_as: Option<&'a Counter>,
}

impl Drop for Unanswered<'_> {
    fn drop(&mut self) {
        if let Some(counter) = self.counted_as {
            counter.increment();
        }
    }
}
