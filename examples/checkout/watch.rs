//! Where the numbers come from: policies are looked up by name and read, and what they do is listened to.

use std::{
    mem::take,
    sync::{Arc, Mutex, PoisonError},
};

use mainstay::{
    observe::{self, Counter, Event, Subscription},
    overrides,
};

use crate::{totals::Totals, upstream::Upstream};

/// What there is to see at one moment.
#[derive(Debug, Clone)]
pub struct Numbers {
    pub weather: String,
    pub asked: u64,
    pub served: u64,
    pub by_fallback: u64,
    pub declined: u64,
    pub refused: u64,
    /// Orders waiting for their answer.
    pub waiting: u64,
    pub retries: u64,
    /// The breaker before the payment server: its state, and the failed calls it has seen.
    pub breaker: String,
    pub failures: u64,
    /// What is left in the bucket of the rate limit.
    pub tokens: f64,
    /// Calls to the payment server that hold a place in the bulkhead.
    pub in_flight: u32,
}

/// Reads the numbers of a running shop.
#[derive(Debug)]
pub struct Watch {
    upstream: Arc<Upstream>,
    totals: Arc<Totals>,
    heard: Arc<Heard>,
    /// Why the latest change of `policies.yaml` cannot be followed, as it was told.
    refused: Mutex<Option<String>>,
    _subscription: Subscription,
}

#[derive(Debug, Default)]
struct Heard {
    retries: Counter,
    fallbacks: Counter,
    news: Mutex<Vec<String>>,
}

impl Heard {
    fn tell(&self, news: String) {
        self.news.lock().unwrap_or_else(PoisonError::into_inner).push(news);
    }

    fn hear(&self, event: &Event<'_>) {
        match event {
            Event::Retry { .. } => self.retries.increment(),
            Event::FellBack { .. } => self.fallbacks.increment(),
            Event::StateChanged { policy, from, to, .. } => {
                self.tell(format!("circuit breaker `{policy}`: {from} -> {to}"));
            }
            Event::Overridden { policy, kind, option, old, new, origin, .. } => {
                self.tell(format!("{kind} `{policy}`: {option} {old} -> {new} ({origin})"));
            }
            _ => {}
        }
    }
}

impl Watch {
    pub fn start(upstream: Arc<Upstream>, totals: Arc<Totals>) -> Self {
        let heard = Arc::<Heard>::default();
        let listener = Arc::clone(&heard);
        let subscription = observe::listen(move |event| listener.hear(event));
        Self { upstream, totals, heard, refused: Mutex::default(), _subscription: subscription }
    }

    pub fn numbers(&self) -> Numbers {
        let policies = mainstay::policies();
        let breaker = policies.circuit_breaker("payments");
        let totals = &self.totals;
        Numbers {
            weather: self.upstream.weather().to_string(),
            asked: totals.asked.get(),
            served: totals.served.get(),
            by_fallback: totals.by_fallback.get(),
            declined: totals.declined.get(),
            refused: totals.refused.get(),
            waiting: totals.waiting(),
            retries: self.heard.retries.get(),
            breaker: breaker.map_or_else(String::new, |breaker| breaker.state().to_string()),
            failures: breaker.map_or(0, |breaker| breaker.failure_count()),
            tokens: policies.rate_limiter("payments").map_or(0.0, |limiter| limiter.available_tokens()),
            in_flight: policies.bulkhead("payments").map_or(0, |bulkhead| bulkhead.in_flight()),
        }
    }

    /// What happened since this was last asked, in words.
    pub fn news(&self) -> Vec<String> {
        let mut told = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        let refused = overrides::status().refused.map(|(_, error)| error.to_string());
        if *told != refused {
            self.heard.tell(refused.clone().unwrap_or_else(|| "options can be followed again".to_owned()));
            *told = refused;
        }
        take(&mut *self.heard.news.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub fn retries(&self) -> u64 {
        self.heard.retries.get()
    }

    pub fn fallbacks(&self) -> u64 {
        self.heard.fallbacks.get()
    }
}
