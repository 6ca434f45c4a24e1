//! The accept loop.

use std::{convert::Infallible, error::Error, future::Future, net::SocketAddr, sync::Arc, time::Duration};

use hyper::{
    Request, Response,
    body::{Body, Incoming},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use tokio::{net::TcpListener, sync::oneshot, time};

use crate::{Limits, answered::Answered, house::House, patient::Patient};

/// How long the answers under way may take when it is told to stop.
const LAST_ANSWERS: Duration = Duration::from_secs(5);
/// How many headers a request may have.
const HEADERS: usize = 64;

pub(crate) async fn serve<A, F, B>(
    listener: TcpListener,
    what: &'static str,
    limits: Limits,
    answer: A,
    mut stopped: oneshot::Receiver<()>,
) where
    A: Fn(Request<Incoming>, SocketAddr) -> F + Send + Sync + 'static,
    F: Future<Output = Response<B>> + Send + 'static,
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    let (graceful, house, answer) =
        (GracefulShutdown::new(), House::new(limits.connections), Arc::new(answer));
    for number in 0.. {
        let accepted = async {
            let accepted = listener.accept().await?;
            Ok::<_, std::io::Error>((accepted, house.enter(number).await))
        };
        let accepted = tokio::select! {
            accepted = accepted => accepted,
            _ = &mut stopped => break,
        };
        let ((stream, peer), place) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // No more files, for one: it passes, and trying at once would not help.
                tracing::warn!(target: "mainstay", "a request for {what} was not taken: {error}");
                time::sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        let (answer, guest) = (Arc::clone(&answer), Arc::clone(&place.guest));
        let service = service_fn(move |request| {
            let answering = guest.answering();
            let answer = answer(request, peer);
            async move { Ok::<_, Infallible>(answer.await.map(|body| Answered::new(body, answering))) }
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(limits.head)
            .max_headers(HEADERS)
            .max_buf_size(limits.head_bytes)
            .serve_connection(TokioIo::new(Box::pin(Patient::new(stream, limits.write))), service);
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            let ended = tokio::select! {
                ended = connection => ended,
                () = place.guest.asked_to_leave.notified() => Ok(()),
            };
            if let Err(error) = ended {
                tracing::debug!(target: "mainstay", "a request for {what} ended early: {error}");
            }
            drop(place);
        });
    }
    drop(listener);
    // Who is still being answered then is cut off with the runtime.
    let _ = time::timeout(LAST_ANSWERS, graceful.shutdown()).await;
}
