//! The customers: they speak HTTP to the shop and count what they are told.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use hyper::StatusCode;
use tokio::{
    select,
    task::JoinSet,
    time::{Instant, MissedTickBehavior, interval, sleep, timeout},
};

use crate::{http::Client, stop::Stop, totals::Totals};

/// A customer who hears nothing for that long counts the order as lost. The shop promises an answer in three seconds.
const PATIENCE: Duration = Duration::from_secs(6);
/// How long a shopper of the closed loop looks at an answer before ordering again.
const GLANCE: Duration = Duration::from_millis(50);
const COUNTRIES: [&str; 4] = ["DE", "DK", "FR", "SE"];

/// All customers of the shop.
#[derive(Debug)]
pub struct Load {
    shop: Client,
    totals: Arc<Totals>,
}

impl Load {
    pub fn new(shop: SocketAddr, totals: Arc<Totals>) -> Arc<Self> {
        Arc::new(Self { shop: Client::new(shop), totals })
    }

    /// Orders until it is told to stop, then waits for the answers that are still due.
    pub async fn run(self: Arc<Self>, rate: u32, shoppers: u32, stop: Stop) {
        let mut customers = JoinSet::new();
        for customer in 1..=shoppers {
            customers.spawn(Arc::clone(&self).order_again_and_again(customer, stop.clone()));
        }
        if rate > 0 {
            customers.spawn(Arc::clone(&self).order_at(rate, stop));
        }
        while customers.join_next().await.is_some() {}
    }

    /// The closed loop: the next order waits for the answer to the last.
    async fn order_again_and_again(self: Arc<Self>, customer: u32, stop: Stop) {
        while !stop.now() {
            self.order(customer).await;
            sleep(GLANCE).await;
        }
    }

    /// The open loop: orders come at their rate, however long the answers take.
    async fn order_at(self: Arc<Self>, rate: u32, mut stop: Stop) {
        let mut ticks = interval(Duration::from_secs(1) / rate);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
        let mut orders = JoinSet::new();
        loop {
            select! {
                _ = ticks.tick() => {}
                _ = stop.wait() => break,
            }
            let load = Arc::clone(&self);
            orders.spawn(async move { load.order(fastrand::u32(1_000..2_000)).await });
            while orders.try_join_next().is_some() {}
        }
        while orders.join_next().await.is_some() {}
    }

    async fn order(&self, customer: u32) {
        let country = COUNTRIES[fastrand::usize(..COUNTRIES.len())];
        let (order, cents) = (fastrand::u64(..), fastrand::u32(100..20_000));
        let form = format!("order={order}&customer={customer}&country={country}&cents={cents}");
        // Some fingers are impatient. It is one order all the same, and charged once.
        match fastrand::u32(..10) {
            0 => drop(tokio::join!(self.send(form.clone()), self.send(form))),
            _ => self.send(form).await,
        }
    }

    async fn send(&self, form: String) {
        let totals = &self.totals;
        totals.asked.increment();
        let asked_at = Instant::now();
        let answer = timeout(PATIENCE, self.shop.post("/orders", &[], form)).await;
        totals.took(asked_at.elapsed());
        match answer.map(|answer| answer.map(|answer| answer.status())) {
            Ok(Ok(StatusCode::OK)) => totals.served.increment(),
            Ok(Ok(StatusCode::ACCEPTED)) => totals.by_fallback.increment(),
            Ok(Ok(StatusCode::PAYMENT_REQUIRED)) => totals.declined.increment(),
            Ok(Ok(StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE)) => {
                totals.refused.increment()
            }
            Ok(Ok(status)) => totals.lose(format!("answered with {status}, which the shop never should")),
            Ok(Err(error)) => totals.lose(format!("no answer: {error}")),
            Err(_) => totals.lose(format!("no answer in {PATIENCE:?}")),
        }
    }
}
