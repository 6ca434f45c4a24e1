use std::{
    error::Error,
    fmt,
    future::Future,
    net::{SocketAddr, TcpListener},
    sync::{Mutex, PoisonError},
    thread::{self, JoinHandle},
};

use hyper::{
    Request, Response,
    body::{Body, Incoming},
};
use tokio::{net, runtime::Builder, sync::oneshot};

use crate::{Limits, Purpose, ServerError, serve::serve};

/// A server that runs. Dropped, it goes on; [`stop`](Self::stop) ends it.
pub struct Running {
    address: SocketAddr,
    purpose: &'static Purpose,
    stop: Mutex<Option<(oneshot::Sender<()>, JoinHandle<()>)>>,
}

/// Serves on a thread of its own. `beside` runs on the same thread until the server is told to stop.
///
/// # Errors
/// The system gives no thread, or no way to wait for connections.
pub fn start<A, F, B>(
    purpose: &'static Purpose,
    listener: TcpListener,
    limits: Limits,
    answer: A,
    beside: impl Future<Output = ()> + Send + 'static,
) -> Result<Running, ServerError>
where
    A: Fn(Request<Incoming>, SocketAddr) -> F + Send + Sync + 'static,
    F: Future<Output = Response<B>> + Send + 'static,
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    let at = |error| ServerError::Thread { purpose, error };
    listener.set_nonblocking(true).map_err(at)?;
    let address = listener.local_addr().map_err(at)?;
    let runtime = Builder::new_current_thread().enable_io().enable_time().build().map_err(at)?;
    let listener = {
        let _entered = runtime.enter();
        net::TcpListener::from_std(listener).map_err(at)?
    };
    let (stop, mut stopped) = oneshot::channel::<()>();
    let (cease, ceased) = oneshot::channel();
    let run = async move {
        let both = async {
            tokio::select! {
                () = beside => { let _ = (&mut stopped).await; }
                _ = &mut stopped => {}
            }
            // What ran beside is gone by now, and with it whatever its answers waited for.
            drop(cease);
        };
        tokio::join!(both, serve(listener, purpose.what, limits, answer, ceased));
    };
    let thread = thread::Builder::new()
        .name(purpose.thread.to_owned())
        .spawn(move || runtime.block_on(run))
        .map_err(at)?;
    Ok(Running { address, purpose, stop: Mutex::new(Some((stop, thread))) })
}

impl Running {
    /// Where it listens, with the port it got if it was to be any.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Stops listening, lets the answers under way be finished, five seconds at most, and gives the port back. Waits for
    /// that; a second time it does nothing.
    pub fn stop(&self) {
        let running = self.stop.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some((stop, thread)) = running else { return };
        drop(stop);
        if thread.join().is_err() {
            tracing::error!(target: "mainstay", "the thread that served {} had panicked", self.purpose.what);
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It goes on without us: what would stop it is never sent.
        if let Some((stop, _)) = self.stop.get_mut().unwrap_or_else(PoisonError::into_inner).take() {
            std::mem::forget(stop);
        }
    }
}

impl fmt::Debug for Running {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Running")
            .field("what", &self.purpose.what)
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}
