//! `#[tracing::instrument]`, alone and with `tracing-opentelemetry`.

use opentelemetry::trace::TracerProvider as _;
use opentelemetry_sdk::trace::Sampler;
use tracing::{instrument, subscriber::DefaultGuard};
use tracing_subscriber::{Registry, layer::SubscriberExt};

use super::opentelemetry::provider;
use crate::{
    row::Row,
    work::{Error, now, work},
};

#[instrument(skip_all)]
fn spanned(n: u64) -> Result<u64, Error> {
    work(n)
}

#[instrument(skip_all)]
async fn spanned_async(n: u64) -> Result<u64, Error> {
    work(n)
}

pub fn off() -> Row {
    Row::new("tracing", || spanned(1))
}

pub fn off_async() -> Row {
    Row::new("tracing", || now(spanned_async(1)))
}

const WITH: &str = "tracing + opentelemetry";

fn under<R: 'static>(sampler: Sampler, call: fn() -> R) -> Row {
    Row::per_thread(WITH, move |_| {
        let provider = provider(sampler.clone());
        let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("benches"));
        let guard: DefaultGuard = tracing::subscriber::set_default(Registry::default().with(layer));
        move || {
            let _ = (&guard, &provider);
            call()
        }
    })
}

pub fn sampled_out() -> Row {
    under(Sampler::AlwaysOff, || spanned(1))
}

pub fn sampled_out_async() -> Row {
    under(Sampler::AlwaysOff, || now(spanned_async(1)))
}

pub fn on() -> Row {
    under(Sampler::AlwaysOn, || spanned(1))
}

pub fn on_async() -> Row {
    under(Sampler::AlwaysOn, || now(spanned_async(1)))
}
