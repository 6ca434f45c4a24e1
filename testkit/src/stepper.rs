use std::{
    fmt,
    future::Future,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
};

/// Polls a future once, with a waker that does nothing.
///
/// ```
/// use std::{future::{pending, ready}, pin::pin, task::Poll};
/// use mainstay_testkit::poll_once;
///
/// assert_eq!(poll_once(&mut ready(1)), Poll::Ready(1));
/// assert_eq!(poll_once(&mut pin!(async { pending::<()>().await })), Poll::Pending);
/// ```
pub fn poll_once<F: Future + Unpin>(future: &mut F) -> Poll<F::Output> {
    Pin::new(future).poll(&mut Context::from_waker(Waker::noop()))
}

/// A future that goes on only when told to, from one await point at which it must wait to the next.
///
/// Await points that are ready at once are run through, as they are everywhere.
///
/// ```
/// use std::task::Poll;
/// use mainstay_testkit::Stepper;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let (answer, question) = tokio::sync::oneshot::channel();
/// let mut stepper = Stepper::new(async { question.await.unwrap_or(0) + 1 });
/// assert_eq!(stepper.poll(), Poll::Pending);
/// assert_eq!((stepper.awaits(), stepper.was_woken()), (1, false));
/// answer.send(41).unwrap();
/// assert!(stepper.was_woken());
/// assert_eq!(stepper.poll(), Poll::Ready(42));
/// # }
/// ```
pub struct Stepper<F> {
    /// `None` once it is done.
    future: Option<Pin<Box<F>>>,
    woken: Arc<Woken>,
    awaits: usize,
}

impl<F: Future> Stepper<F> {
    /// Not yet polled.
    pub fn new(future: F) -> Self {
        Self { future: Some(Box::pin(future)), woken: Arc::default(), awaits: 0 }
    }

    /// Polls once, woken or not. When it gives its output the future is dropped; from then on it is pending for ever.
    pub fn poll(&mut self) -> Poll<F::Output> {
        let Some(future) = &mut self.future else { return Poll::Pending };
        self.woken.0.store(false, Ordering::SeqCst);
        let waker = Waker::from(Arc::clone(&self.woken));
        let polled = future.as_mut().poll(&mut Context::from_waker(&waker));
        match polled {
            Poll::Pending => self.awaits += 1,
            Poll::Ready(_) => self.future = None,
        }
        polled
    }
}

impl<F> Stepper<F> {
    /// How many times a poll ended at an await point that was not ready. One that is polled again without being ready
    /// counts again.
    pub fn awaits(&self) -> usize {
        self.awaits
    }

    /// Whether it has been woken since the last poll.
    pub fn was_woken(&self) -> bool {
        self.woken.0.load(Ordering::SeqCst)
    }

    /// Whether it has given its output.
    pub fn is_done(&self) -> bool {
        self.future.is_none()
    }
}

impl<F> fmt::Debug for Stepper<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stepper")
            .field("awaits", &self.awaits)
            .field("was_woken", &self.was_woken())
            .field("is_done", &self.is_done())
            .finish()
    }
}

#[derive(Default)]
struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Probe;

    #[test]
    fn each_poll_goes_to_the_next_await_point() {
        let mut stepper = Stepper::new(async {
            for _ in 0..3 {
                tokio::task::yield_now().await;
            }
            "done"
        });
        for passed in 1..=3 {
            assert_eq!(stepper.poll(), Poll::Pending);
            assert_eq!(stepper.awaits(), passed);
        }
        assert_eq!(stepper.poll(), Poll::Ready("done"));
        assert!(stepper.is_done());
        assert_eq!((stepper.poll(), stepper.awaits()), (Poll::Pending, 3));
    }

    #[test]
    fn a_finished_future_is_dropped_with_its_last_poll() {
        let probe = Probe::new();
        let inside = probe.enter();
        let mut stepper = Stepper::new(async move {
            let _held = &inside;
        });
        assert!(stepper.poll().is_ready());
        assert_eq!(probe.inside(), 0);
    }
}
