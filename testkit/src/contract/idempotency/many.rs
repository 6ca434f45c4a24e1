//! Records and keys of every kind, and many callers.

use std::{future::Future, pin::Pin};

use mainstay_runtime::{
    clock::{Instant, now},
    idempotent::{IdempotencyStore, Reserved, Token},
};

use super::{IdempotencyStoreContract, LONG};
use crate::contract::together;

impl<S: IdempotencyStore> IdempotencyStoreContract<S> {
    pub(super) async fn records_of_any_bytes(&self) {
        let all: Vec<u8> = (0..=255).collect();
        let large = all.repeat(1000);
        for (name, record) in [("empty", Vec::new()), ("all", all), ("large", large)] {
            let key = self.key(&format!("bytes-{name}"));
            let token = self.claim(&key, LONG).await;
            assert!(self.complete(&key, token, &record, LONG).await, "{name}: the owner completes");
            assert!(
                self.reserve(&key, LONG).await == Reserved::Completed { record },
                "{name}: a record of any bytes comes back as it was written"
            );
        }
    }

    pub(super) async fn keys_of_any_text(&self) {
        let long = "k".repeat(4000);
        let texts = [
            "",
            " ",
            "a:b",
            "a:b:",
            "{a}",
            "ключ",
            "line\nbreak",
            "nul\0nul",
            "'; drop table x; --",
            "%s",
            &long,
        ];
        let mut tokens = Vec::new();
        for text in texts {
            tokens.push(self.claim(&self.key(text), LONG).await);
        }
        for (text, token) in texts.iter().zip(&tokens) {
            match self.reserve(&self.key(text), LONG).await {
                Reserved::InFlight { token: theirs, .. } => {
                    assert_eq!(theirs, *token, "keys of any text stay apart: {text:?}");
                }
                other => panic!("a key of any text is kept: {text:?}: {other:?}"),
            }
        }
    }

    pub(super) async fn one_of_many_claims(&self) {
        let key = self.key("many");
        let mut last = Token(0);
        for round in 0..3 {
            let all = together((0..32).map(|_| self.reserve(&key, LONG))).await;
            let mut claimed = all.iter().filter_map(|reserved| match reserved {
                Reserved::Claimed { token, .. } => Some(*token),
                _ => None,
            });
            let (Some(token), None) = (claimed.next(), claimed.next()) else {
                panic!("of many calls at once exactly one claims (round {round}): {all:?}")
            };
            assert!(token > last, "tokens rise");
            last = token;
            assert!(self.release(&key, token).await, "the owner gives the key back");
        }
    }

    pub(super) async fn being_told_of_changes(&self) {
        for name in ["complete", "release"] {
            let key = self.key(&format!("told-{name}"));
            let token = self.claim(&key, LONG).await;
            let start = now();
            let waiting = async {
                loop {
                    self.store.changed(&key, token, LONG).await;
                    match self.reserve(&key, LONG).await {
                        Reserved::InFlight { token: theirs, .. } if theirs == token => {}
                        _ => return now(),
                    }
                }
            };
            let ending = async {
                if name == "complete" {
                    assert!(self.complete(&key, token, b"done", LONG).await);
                } else {
                    assert!(self.release(&key, token).await);
                }
                now()
            };
            let ends: Vec<Instant> = together([
                Box::pin(waiting) as Pin<Box<dyn Future<Output = Instant> + Send + '_>>,
                Box::pin(ending),
            ])
            .await;
            assert!(
                ends[0].saturating_since(start) < LONG,
                "who waits for a change is told of a {name} and does not wait until the end"
            );
        }
        let key = self.key("told-late");
        let token = self.claim(&key, LONG).await;
        assert!(self.complete(&key, token, b"done", LONG).await);
        let start = now();
        self.store.changed(&key, token, LONG).await;
        assert!(
            now().saturating_since(start) < LONG / 2,
            "a change that has happened already is not waited for to the end"
        );
    }
}
