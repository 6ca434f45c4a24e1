#[cfg(test)]
mod tests;

use std::{pin::pin, time::Duration};

use mainstay_json::Json;
use mainstay_runtime::{
    idempotent::{Claim, IdempotencyStore, Reserved, Token},
    store::{BoxFuture, StoreError, io},
};
use redis::{Value, cmd};
use tokio::time::{sleep, timeout};

use crate::{
    RedisStore,
    durations::{micros, millis},
    failure::Failure,
    scripts,
    store::about,
};

/// How long the token of a released key is remembered.
const MEMORY: Duration = Duration::from_secs(60);

impl IdempotencyStore for RedisStore {
    type Codec = Json;

    fn reserve<'a>(&'a self, claim: Claim<'a>) -> BoxFuture<'a, Result<Reserved, StoreError>> {
        Box::pin(async move {
            let mut script = about(&scripts::RESERVE, &self.names().record(claim.key));
            script.arg(micros(claim.lease)).arg(millis(claim.ttl));
            script.arg(claim.fingerprint.as_ref().map_or(&[][..], |fingerprint| &fingerprint.0));
            let answer: Vec<Value> = self.ask("reserve", script).await?;
            reserved(answer).map_err(|failure| failure.into_error(self.place(), "reserve"))
        })
    }

    fn renew<'a>(
        &'a self,
        key: &'a str,
        token: Token,
        lease: Duration,
    ) -> BoxFuture<'a, Result<bool, StoreError>> {
        Box::pin(async move {
            let mut script = about(&scripts::RENEW, &self.names().record(key));
            script.arg(token.0).arg(micros(lease));
            self.ask("renew", script).await
        })
    }

    fn complete<'a>(
        &'a self,
        key: &'a str,
        token: Token,
        record: &'a [u8],
        ttl: Duration,
    ) -> BoxFuture<'a, Result<bool, StoreError>> {
        Box::pin(async move {
            let mut script = about(&scripts::COMPLETE, &self.names().record(key));
            script.arg(token.0).arg(record).arg(millis(ttl)).arg(&self.names().changed);
            self.ask("complete", script).await
        })
    }

    fn release<'a>(&'a self, key: &'a str, token: Token) -> BoxFuture<'a, Result<bool, StoreError>> {
        Box::pin(async move {
            let mut script = about(&scripts::RELEASE, &self.names().record(key));
            script.arg(token.0).arg(millis(MEMORY)).arg(&self.names().changed);
            self.ask("release", script).await
        })
    }

    fn changed<'a>(&'a self, key: &'a str, seen: Token, at_most: Duration) -> BoxFuture<'a, ()> {
        let (store, record) = (self.clone(), self.names().record(key));
        Box::pin(async move {
            // On the stores' thread, by its clock: the caller's may be paused.
            if let Ok(io) = io() {
                let waiting = Ended(io.spawn(async move { store.wait(&record, seen, at_most).await }));
                waiting.await;
            }
        })
    }
}

impl RedisStore {
    async fn wait(&self, record: &str, seen: Token, at_most: Duration) {
        let wait = async {
            let Ok(hub) = self.subscriber().hub() else { return sleep(at_most).await };
            let waiter = hub.waiters.waiter(record);
            let mut change = pin!(waiter.change.notified());
            // From here on nothing is missed; what came before is asked for.
            change.as_mut().enable();
            hub.subscribed().await;
            if self.runs(record, seen).await {
                change.await;
            }
        };
        // Without a subscription, and should a word of the server be lost, this ends it.
        let _ = timeout(at_most.min(self.trust()), wait).await;
    }

    /// Whether the record is still the running one that was seen. If the server cannot tell, it is: who waits asks again.
    async fn runs(&self, record: &str, seen: Token) -> bool {
        let mut look = cmd("HMGET");
        look.arg(record).arg("token").arg("lease");
        let found: Result<(Option<u64>, Option<Vec<u8>>), StoreError> = self.ask("wait", look).await;
        found.map_or(true, |(token, lease)| token == Some(seen.0) && lease.is_some())
    }
}

/// A task that ends with whoever waits for it.
struct Ended(tokio::task::JoinHandle<()>);

impl Future for Ended {
    type Output = ();

    fn poll(mut self: std::pin::Pin<&mut Self>, cx: &mut std::task::Context<'_>) -> std::task::Poll<()> {
        std::pin::Pin::new(&mut self.0).poll(cx).map(|_| ())
    }
}

impl Drop for Ended {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// What `reserve.lua` says.
fn reserved(answer: Vec<Value>) -> Result<Reserved, Failure> {
    let mut answer = answer;
    match answer.as_mut_slice() {
        [Value::Int(0), Value::Int(token), Value::Int(took_over)] => {
            Ok(Reserved::Claimed { token: Token(token.cast_unsigned()), took_over: *took_over == 1 })
        }
        [Value::Int(1), Value::Int(token), Value::Int(left)] => Ok(Reserved::InFlight {
            token: Token(token.cast_unsigned()),
            lease_left: Duration::from_micros(u64::try_from(*left).unwrap_or_default()),
        }),
        [Value::Int(2), Value::BulkString(record)] => {
            Ok(Reserved::Completed { record: std::mem::take(record) })
        }
        [Value::Int(3)] => Ok(Reserved::KeyReused),
        _ => Err(Failure::unexpected(&answer)),
    }
}
