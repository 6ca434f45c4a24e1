use std::collections::HashMap;

use mainstay_runtime::idempotent::{IdempotencyStore, Reserved};

use crate::at_hand::{LONG, prefix, reserve, server, store_on};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_eight_tasks_on_the_same_keys_exactly_one_claims_each_generation_of_each() {
    const KEYS: usize = 20;
    const GENERATIONS: usize = 5;
    let prefix = prefix();
    let tasks: Vec<_> = (0..8)
        .map(|_| {
            // As many connections as processes would have.
            let store = store_on(server(), &prefix);
            tokio::spawn(async move {
                let mut claimed = Vec::new();
                for generation in 0..GENERATIONS {
                    for key in 0..KEYS {
                        let key = format!("{key}-{generation}");
                        if let Reserved::Claimed { token, .. } = reserve(&store, &key).await {
                            tokio::task::yield_now().await;
                            assert!(store.complete(&key, token, key.as_bytes(), LONG).await.unwrap());
                            claimed.push(key);
                        }
                    }
                }
                claimed
            })
        })
        .collect();
    let mut times: HashMap<String, usize> = HashMap::new();
    for task in tasks {
        for key in task.await.unwrap() {
            *times.entry(key).or_default() += 1;
        }
    }
    assert_eq!(times.len(), KEYS * GENERATIONS);
    assert!(times.values().all(|times| *times == 1), "{times:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_gives_a_key_back_is_followed_by_exactly_one_with_a_greater_token() {
    let prefix = prefix();
    let tasks: Vec<_> = (0..8)
        .map(|_| {
            let store = store_on(server(), &prefix);
            tokio::spawn(async move {
                let mut tokens = Vec::new();
                while tokens.len() < 25 {
                    match reserve(&store, "hot").await {
                        Reserved::Claimed { token, took_over } => {
                            assert!(!took_over);
                            assert!(
                                store.renew("hot", token, LONG).await.unwrap(),
                                "nobody else claimed meanwhile"
                            );
                            assert!(store.release("hot", token).await.unwrap());
                            tokens.push(token.0);
                        }
                        Reserved::InFlight { token, .. } => store.changed("hot", token, LONG).await,
                        other => panic!("{other:?}"),
                    }
                }
                tokens
            })
        })
        .collect();
    let mut all = Vec::new();
    for task in tasks {
        let tokens = task.await.unwrap();
        assert!(tokens.is_sorted(), "{tokens:?}");
        all.extend(tokens);
    }
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), 8 * 25, "no token twice");
}
