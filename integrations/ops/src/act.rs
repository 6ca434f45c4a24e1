//! Orders by hand: `POST /policies/{kind}/{name}/{order}`.

use std::net::SocketAddr;

use hyper::{HeaderMap, StatusCode};
use mainstay_runtime::registry::Order;

use crate::{
    answer::{Answered, json, text},
    routes::Ops,
};

impl Ops {
    pub(crate) fn order(
        &self,
        (kind, name, order): (&str, &str, &str),
        headers: &HeaderMap,
        peer: SocketAddr,
    ) -> Answered {
        if let Err(refusal) = self.access.check(headers, peer) {
            tracing::warn!(target: "mainstay", policy = name, kind, order, by = %peer, "an order by hand was refused");
            return *refusal;
        }
        let book = self.sampler.book();
        let Some((number, entry)) = book.find(kind, name) else {
            return text(
                StatusCode::NOT_FOUND,
                "there is no policy of that kind and name; all are at /policies\n",
            );
        };
        let policy = entry.policy();
        let by = peer.ip().to_canonical().to_string();
        // Reports it to listeners and the log.
        let done = Order::of(order).filter(|order| policy.order(*order, &by));
        let Some(order) = done else {
            let known: Vec<&str> = policy.orders().iter().copied().map(Order::as_str).collect();
            let known = if known.is_empty() { "nothing".to_owned() } else { known.join(", ") };
            return text(StatusCode::NOT_FOUND, format!("of a {kind} can be ordered: {known}\n"));
        };
        self.sampler.news.ordered(number, order.as_str(), by);
        self.listing.forget();
        self.sampler.poke();
        let phase = policy.phase().map_or_else(|| "null".to_owned(), |phase| format!("\"{phase}\""));
        json(StatusCode::OK, format!("{{\"done\":\"{order}\",\"phase\":{phase}}}\n"))
    }
}
