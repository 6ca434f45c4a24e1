//! The rules of the IETF draft "The Idempotency-Key HTTP Header Field" (draft-ietf-httpapi-idempotency-key-header), as a
//! resource server built on the attribute keeps them. The numbers are those of its sections.

use mainstay::{Error, Kind, idempotent};
use mainstay_testkit::Stepper;

use crate::support::{Body, Memory, memory, ms};

/// What the server answers: a status, and a number for the body.
#[derive(Debug, PartialEq)]
struct Response(u16, u32);

struct Server {
    store: Memory,
    body: Body,
}

impl Server {
    /// A resource that requires the header.
    async fn post(&self, key: Option<&str>, payload: &str) -> Response {
        let Some(key) = key else { return Response(400, 0) };
        match self.create(key, payload).await {
            Ok(number) => Response(201, number),
            Err(error) => match error.kind() {
                Kind::InFlight => Response(409, 0),
                Kind::KeyReused => Response(422, 0),
                _ => Response(503, 0),
            },
        }
    }

    #[idempotent(key = key, fingerprint(payload), in_flight = reject, ttl = "24h", store = self.store)]
    async fn create(&self, key: &str, payload: &str) -> Result<u32, Error> {
        let _ = (key, payload);
        Ok(self.body.run_held().await)
    }
}

fn server(body: Body) -> Server {
    Server { store: memory(), body }
}

#[tokio::test(start_paused = true)]
async fn section_2_6_a_first_request_is_processed() {
    assert_eq!(server(Body::open()).post(Some("k"), "p").await, Response(201, 1));
}

#[tokio::test(start_paused = true)]
async fn section_2_6_a_request_repeated_after_the_first_completed_gets_the_same_answer() {
    let server = server(Body::open());
    assert_eq!(server.post(Some("k"), "p").await, Response(201, 1));
    assert_eq!(server.post(Some("k"), "p").await, Response(201, 1));
    assert_eq!(server.body.runs(), 1);
}

#[tokio::test(start_paused = true)]
async fn section_2_6_a_request_repeated_while_the_first_is_processed_is_a_conflict() {
    let server = server(Body::shut());
    let mut first = Stepper::new(server.post(Some("k"), "p"));
    assert!(first.poll().is_pending());
    assert_eq!(server.post(Some("k"), "p").await, Response(409, 0));
    server.body.let_go();
    assert_eq!(first.poll(), std::task::Poll::Ready(Response(201, 1)));
}

#[tokio::test(start_paused = true)]
async fn section_2_7_a_missing_key_is_a_bad_request() {
    assert_eq!(server(Body::open()).post(None, "p").await, Response(400, 0));
}

#[tokio::test(start_paused = true)]
async fn section_2_7_a_key_used_again_with_another_payload_is_unprocessable() {
    let server = server(Body::open());
    assert_eq!(server.post(Some("k"), "p").await, Response(201, 1));
    assert_eq!(server.post(Some("k"), "q").await, Response(422, 0));
    assert_eq!(server.body.runs(), 1);
}

#[tokio::test(start_paused = true)]
async fn section_2_2_another_key_is_another_request_whatever_its_payload() {
    let server = server(Body::open());
    assert_eq!(server.post(Some("k"), "p").await, Response(201, 1));
    assert_eq!(server.post(Some("l"), "p").await, Response(201, 2));
}

#[tokio::test(start_paused = true)]
async fn section_2_3_a_key_expires_as_the_resource_documents_it() {
    let server = server(Body::open());
    assert_eq!(server.post(Some("k"), "p").await, Response(201, 1));
    tokio::time::advance(ms(24 * 3600 * 1000)).await;
    assert_eq!(server.post(Some("k"), "q").await, Response(201, 2));
}
