//! What goes over the wire, counted by a relay in between.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use mainstay_runtime::idempotent::{IdempotencyStore, Reserved};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy},
    net::{TcpListener, TcpStream},
};

use crate::common::{LEASE, Place, TTL, claim, claimed};

/// Counts what is asked of the server: each question is written at once.
async fn relay(server: String) -> (u16, Arc<AtomicU32>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (port, asked) = (listener.local_addr().unwrap().port(), Arc::new(AtomicU32::new(0)));
    let count = Arc::clone(&asked);
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let (mut questions, mut to_client) = client.into_split();
            let (mut answers, mut to_server) = TcpStream::connect(&server).await.unwrap().into_split();
            let count = Arc::clone(&count);
            tokio::spawn(async move { copy(&mut answers, &mut to_client).await });
            tokio::spawn(async move {
                let mut buffer = vec![0; 1 << 16];
                while let Ok(read @ 1..) = questions.read(&mut buffer).await {
                    count.fetch_add(1, Ordering::SeqCst);
                    to_server.write_all(&buffer[..read]).await.unwrap();
                }
            });
        }
    });
    (port, asked)
}

#[tokio::test]
async fn each_step_is_one_round_trip() {
    let place = Place::new();
    place.store().await;
    let (port, asked) = relay(place.server.address()).await;
    let url = place.server.url().replace(&place.server.port().to_string(), &port.to_string());
    let store = place.builder().connect(&url).await.unwrap();
    let trips = || asked.swap(0, Ordering::SeqCst);
    // The first use of a statement prepares it, which is one more.
    let warm = claimed(&store, claim("warm")).await;
    assert!(store.renew("warm", warm, LEASE).await.unwrap());
    assert!(store.release("warm", warm).await.unwrap());
    let warm = claimed(&store, claim("warm")).await;
    assert!(store.complete("warm", warm, b"", TTL).await.unwrap());
    // The sweep after the first claim, on a connection of its own or in between.
    store.sweep().await.unwrap();

    trips();
    let token = claimed(&store, claim("a")).await;
    assert_eq!(trips(), 1, "a claim");
    assert!(store.renew("a", token, LEASE).await.unwrap());
    assert_eq!(trips(), 1, "a renewal");
    assert!(matches!(store.reserve(claim("a")).await.unwrap(), Reserved::InFlight { .. }));
    assert_eq!(trips(), 1, "a claim of what is in flight");
    assert!(store.complete("a", token, b"done", TTL).await.unwrap());
    assert_eq!(trips(), 1, "a completion");
    assert!(matches!(store.reserve(claim("a")).await.unwrap(), Reserved::Completed { .. }));
    assert_eq!(trips(), 1, "a replay");
    let token = claimed(&store, claim("b")).await;
    trips();
    assert!(store.release("b", token).await.unwrap());
    assert_eq!(trips(), 1, "a release");
}
