use mainstay_runtime::{
    idempotent::{Claim, IdempotencyStore, Reserved},
    store::StoreErrorKind,
};
use mainstay_testkit::servers::RedisServer;

use crate::at_hand::{Client, LONG, claim, reserve, store_on, until};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_completed_is_there_after_the_server_was_killed_in_mid_flight() {
    let mut server = RedisServer::builder().append_only().start().unwrap();
    let store = store_on(&server, "app");
    let writers: Vec<_> = (0..4)
        .map(|writer| {
            let store = store.clone();
            tokio::spawn(async move {
                let mut completed = Vec::new();
                for nth in 0_u32.. {
                    let key = format!("{writer}-{nth}");
                    let wish = Claim { key: &key, fingerprint: None, lease: LONG, ttl: LONG };
                    let Ok(Reserved::Claimed { token, .. }) = store.reserve(wish).await else { break };
                    match store.complete(&key, token, key.as_bytes(), LONG).await {
                        Ok(done) => assert!(done),
                        Err(error) => {
                            assert_eq!(error.kind(), StoreErrorKind::Unavailable, "{error}");
                            break;
                        }
                    }
                    completed.push(key);
                }
                completed
            })
        })
        .collect();
    let mut client = Client::of(&server).await;
    until("traffic", async || {
        let keys: u64 = client.ask(&["DBSIZE"]).await;
        (keys > 50).then_some(())
    })
    .await;
    server.kill();
    let mut completed = Vec::new();
    for writer in writers {
        completed.extend(writer.await.unwrap());
    }
    assert!(completed.len() > 40, "{}", completed.len());
    server.restart().unwrap();
    for key in completed {
        assert_eq!(reserve(&store, &key).await, Reserved::Completed { record: key.clone().into_bytes() });
    }
}

#[tokio::test]
async fn a_claim_survives_a_restart_with_its_token() {
    let mut server = RedisServer::builder().append_only().start().unwrap();
    let store = store_on(&server, "app");
    let token = claim(&store, "k").await;
    server.restart().unwrap();
    assert!(store.complete("k", token, b"done", LONG).await.unwrap());
    assert_eq!(reserve(&store, "k").await, Reserved::Completed { record: b"done".to_vec() });
}

#[tokio::test]
async fn scripts_that_a_restarted_server_has_forgotten_are_told_again() {
    let mut server = RedisServer::start().unwrap();
    let store = store_on(&server, "app");
    let before = claim(&store, "k").await;
    server.restart().unwrap();
    let after = claim(&store, "k").await;
    assert!(after > before, "this server kept nothing, and tokens rise all the same");
    assert!(store.complete("k", after, b"done", LONG).await.unwrap());
    // The same without a restart.
    let mut client = Client::of(&server).await;
    let _: () = client.ask(&["SCRIPT", "FLUSH"]).await;
    assert_eq!(reserve(&store, "k").await, Reserved::Completed { record: b"done".to_vec() });
}
