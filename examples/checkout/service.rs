//! The checkout service: what we run. It answers every order that it is sent, whatever the payment server does.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use http_body_util::BodyExt;
use hyper::{Request, Response, StatusCode, body::Incoming, header::RETRY_AFTER};
use mainstay::{
    Classify, Kind, metered,
    metrics::{TextFormat, registry},
    observe::Counter,
    rate_limit, timeout, trace_span,
};
use tokio::net::TcpListener;

use crate::{
    http,
    payments::{Order, PayError, Payments, Receipt},
    stop::Stop,
    taxes::{TaxError, tax_percent},
};

/// Why an order was not taken.
#[derive(Debug, thiserror::Error, Classify)]
pub enum CheckoutError {
    #[permanent]
    #[error("send an order such as `order=1&customer=7&country=SE&cents=1999`")]
    Unreadable,
    #[error(transparent)]
    Tax(#[from] TaxError),
    #[error(transparent)]
    Payment(#[from] PayError),
    #[error(transparent)]
    Policy(#[from] mainstay::Error),
}

/// The shop behind the HTTP server.
#[derive(Debug)]
pub struct Shop {
    pub payments: Payments,
    /// How many requests were answered.
    pub answered: Counter,
}

impl Shop {
    pub fn new(payment_server: SocketAddr) -> Arc<Self> {
        Arc::new(Self { payments: Payments::new(payment_server), answered: Counter::new() })
    }

    pub async fn serve(self: Arc<Self>, listener: TcpListener, stop: Stop) {
        let handle = move |request| {
            let shop = Arc::clone(&self);
            async move { shop.answer(request).await }
        };
        http::serve(listener, stop, handle).await;
    }

    async fn answer(&self, request: Request<Incoming>) -> Response<String> {
        if request.uri().path() == "/metrics" {
            return respond(StatusCode::OK, registry().encode(TextFormat::Prometheus));
        }
        let settled = match self.read(request).await {
            Some(order) => self.check_out(&order).await,
            None => Err(CheckoutError::Unreadable),
        };
        self.answered.increment();
        match settled {
            Ok(Receipt::Paid(receipt)) => respond(StatusCode::OK, receipt),
            Ok(Receipt::Later) => respond(StatusCode::ACCEPTED, "we charge you later".to_owned()),
            Err(error) => explain(&error),
        }
    }

    async fn read(&self, request: Request<Incoming>) -> Option<Order> {
        let body = request.into_body().collect().await.ok()?.to_bytes();
        parse_order(str::from_utf8(&body).ok()?)
    }

    /// Takes an order from the first look to the receipt, in three seconds at most.
    #[trace_span("POST /orders", kind = server, attrs("http.route" = "/orders", "customer.id" = order.customer))]
    #[metered("check_out", slo(ok = 99.0, p99 = "1s"))]
    #[timeout("3s")]
    async fn check_out(&self, order: &Order) -> Result<Receipt, CheckoutError> {
        self.admit(order)?;
        let tax = order.cents * tax_percent(&order.country)? / 100;
        let order = Order { cents: order.cents + tax, ..order.clone() };
        Ok(self.payments.charge(&order).await?)
    }

    /// Lets a customer order ten times a second, whatever the others do.
    #[rate_limit("orders", "10/s", key = order.customer)]
    fn admit(&self, order: &Order) -> Result<(), mainstay::Error> {
        Ok(())
    }
}

/// An error as HTTP says it: a refusal by a policy tells when to come back.
fn explain(error: &CheckoutError) -> Response<String> {
    let refusal = match error {
        CheckoutError::Policy(refusal)
        | CheckoutError::Tax(TaxError::Policy(refusal))
        | CheckoutError::Payment(PayError::Policy(refusal)) => refusal,
        CheckoutError::Unreadable | CheckoutError::Tax(TaxError::Unknown(_)) => {
            return respond(StatusCode::BAD_REQUEST, error.to_string());
        }
        CheckoutError::Payment(PayError::Declined) => {
            return respond(StatusCode::PAYMENT_REQUIRED, error.to_string());
        }
        _ => return respond(StatusCode::BAD_GATEWAY, error.to_string()),
    };
    let status = match refusal.kind() {
        Kind::RateLimited => StatusCode::TOO_MANY_REQUESTS,
        _ => StatusCode::SERVICE_UNAVAILABLE,
    };
    let wait = refusal.retry_after().unwrap_or(Duration::from_secs(1));
    let mut response = respond(status, refusal.to_string());
    response.headers_mut().insert(RETRY_AFTER, (wait.as_secs_f64().ceil().max(1.0) as u64).into());
    response
}

fn respond(status: StatusCode, text: String) -> Response<String> {
    let mut response = Response::new(text);
    *response.status_mut() = status;
    response
}

fn parse_order(form: &str) -> Option<Order> {
    let field = |name: &str| {
        let mut fields = form.split('&').filter_map(|field| field.split_once('='));
        fields.find(|(known, _)| *known == name).map(|(_, value)| value)
    };
    Some(Order {
        id: field("order")?.parse().ok()?,
        customer: field("customer")?.parse().ok()?,
        country: field("country")?.to_owned(),
        cents: field("cents")?.parse::<u32>().ok()?.into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_is_read_from_a_form() {
        let order = parse_order("order=1&customer=7&country=SE&cents=1999").unwrap();
        assert_eq!(order, Order { id: 1, customer: 7, country: "SE".to_owned(), cents: 1999 });
        assert_eq!(parse_order("order=1&customer=7&cents=1999"), None);
        assert_eq!(parse_order("order=1&customer=me&country=SE&cents=1999"), None);
    }

    #[test]
    fn a_refusal_tells_when_to_come_back_in_whole_seconds() {
        let refused = mainstay::Error::rate_limited("orders", Duration::from_millis(1200));
        let response = explain(&refused.into());
        assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(response.headers()[RETRY_AFTER], "2");
    }
}
