//! What is asked, and who answers it.

use std::{net::SocketAddr, sync::Arc};

use hyper::{
    Method, Request, StatusCode,
    body::{Bytes, Incoming},
    header,
};
use mainstay_runtime::registry::policies;
use tokio::sync::{Semaphore, watch};

use crate::{
    access::Access,
    answer::{Answered, answer, text, with, written},
    body::Answer,
    conditions::{Conditions, Known},
    host,
    listing::Listing,
    model::Live,
    page::Page,
    path,
    probes::{self, Probes},
    sampler::Sampler,
};

/// How many pages may be open.
pub(crate) const STREAMS: usize = 16;

/// All that an answer may need.
#[derive(Debug)]
pub(crate) struct Ops {
    pub(crate) probes: Probes,
    pub(crate) access: Access,
    /// Names under which the server may be asked for.
    pub(crate) hosts: Vec<String>,
    pub(crate) service: String,
    pub(crate) started: u64,
    pub(crate) sampler: Sampler,
    pub(crate) conditions: Conditions,
    pub(crate) streams: Arc<Semaphore>,
    pub(crate) page: Page,
    pub(crate) listing: Listing,
    pub(crate) ended: watch::Sender<bool>,
}

const THERE_IS: &str = "there is\n  /                  the live page\n  /policies          every site and policy as JSON\n  \
    /policies/{kind}/{name}          one policy\n  /policies/{kind}/{name}/{order}  POST: force_open, close, disable, \
    observe_only, enable, reset\n  /events            what the page reads, as server-sent events\n  /health            \
    all checks\n  /health/live       whether the process must be started anew\n  /health/ready      whether requests may be \
    sent here\n  /health/started    whether the start is over\n";

impl Ops {
    pub(crate) async fn answer(self: &Arc<Self>, request: Request<Incoming>, peer: SocketAddr) -> Answered {
        let (path, method, headers) = (request.uri().path(), request.method(), request.headers());
        let reads = matches!(*method, Method::GET | Method::HEAD);
        // Probes come under whatever name a balancer uses, and tell no secrets.
        if let Some(probe) = probes::of(path) {
            return if reads { self.probes.answer(probe).await } else { not_allowed("GET, HEAD") };
        }
        let named = headers.get(header::HOST).map(|host| host.to_str().unwrap_or_default());
        let target = request.uri().authority().map(|authority| authority.as_str());
        if !named.into_iter().chain(target).all(|name| host::is_ours(name, &self.hosts)) || named.is_none() {
            return text(
                StatusCode::MISDIRECTED_REQUEST,
                "this server does not go by that name: allow it with OpsServer::allow_host or MAINSTAY_OPS_HOSTS\n",
            );
        }
        let Some(parts) = path::parts(path) else {
            return text(
                StatusCode::BAD_REQUEST,
                "the path cannot be read: it is no UTF-8 when it is decoded\n",
            );
        };
        let parts: Vec<&str> = parts.iter().map(AsRef::as_ref).collect();
        match (&parts[..], reads) {
            ([""], true) => self.page.answer(),
            (["policies"], true) => self.listing.answer(&self.service, || self.sampler.book()),
            (["policies", kind, name], true) => match self.sampler.book().find(kind, name) {
                Some((id, entry)) => written(&Live::of(id, entry, &policies().explain())),
                None => not_found(),
            },
            (["events"], true) if *method == Method::HEAD => events(Answer::Whole(Bytes::new())),
            (["events"], true) => match Arc::clone(&self.streams).try_acquire_owned() {
                Ok(place) => {
                    // A page that opens finds things as they are now.
                    self.conditions.renew(&self.probes.checker).await;
                    events(Answer::Pieces(self.stream(self.access.may(headers, peer), place)))
                }
                Err(_) => {
                    let full = text(
                        StatusCode::SERVICE_UNAVAILABLE,
                        format!("{STREAMS} pages are open: close one\n"),
                    );
                    with(full, header::RETRY_AFTER, "5")
                }
            },
            (["policies", kind, name, order], false) if *method == Method::POST => {
                self.order((kind, name, order), headers, peer)
            }
            (["policies", _, _, _], _) => not_allowed("POST"),
            ([""] | ["policies"] | ["policies", _, _] | ["events"], false) => not_allowed("GET, HEAD"),
            _ => not_found(),
        }
    }

    /// Health and the shutdown's progress, as JSON.
    pub(crate) fn conditions(&self) -> Known {
        self.conditions.get()
    }

    /// Waits until the server is told to stop.
    pub(crate) async fn ends(&self) {
        // An error would mean that the server is gone.
        let _ = self.ended.subscribe().wait_for(|ended| *ended).await;
    }
}

fn events(body: Answer) -> Answered {
    answer(StatusCode::OK, "text/event-stream", body)
}

pub(crate) fn not_found() -> Answered {
    text(StatusCode::NOT_FOUND, THERE_IS)
}

pub(crate) fn not_allowed(allowed: &'static str) -> Answered {
    let told = text(StatusCode::METHOD_NOT_ALLOWED, format!("this is for {allowed}; {THERE_IS}"));
    with(told, header::ALLOW, allowed)
}
