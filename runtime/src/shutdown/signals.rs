//! The system's signals.

#[cfg(unix)]
pub(super) use unix::Signals;

#[cfg(not(unix))]
pub(super) use elsewhere::Signals;

#[cfg(unix)]
mod unix {
    use std::{future::poll_fn, io, task::Poll};

    use tokio::signal::unix::{self, SignalKind};

    use crate::shutdown::Signal;

    /// Heard from its making on.
    pub(in crate::shutdown) struct Signals(Vec<(Signal, unix::Signal)>);

    impl Signals {
        pub(in crate::shutdown) fn new(wanted: &[Signal]) -> io::Result<Self> {
            let hear = |signal: &Signal| Ok((*signal, unix::signal(SignalKind::from_raw(signal.number()))?));
            wanted.iter().map(hear).collect::<io::Result<Vec<_>>>().map(Self)
        }

        pub(in crate::shutdown) async fn next(&mut self) -> Signal {
            poll_fn(|cx| {
                let heard = self.0.iter_mut().find_map(|(signal, stream)| match stream.poll_recv(cx) {
                    Poll::Ready(Some(())) => Some(*signal),
                    _ => None,
                });
                heard.map_or(Poll::Pending, Poll::Ready)
            })
            .await
        }
    }
}

#[cfg(not(unix))]
mod elsewhere {
    use std::{future::pending, io};

    use crate::shutdown::Signal;

    /// Ctrl+C, where it is wanted: there is no other.
    pub(in crate::shutdown) struct Signals {
        is_wanted: bool,
    }

    impl Signals {
        pub(in crate::shutdown) fn new(wanted: &[Signal]) -> io::Result<Self> {
            Ok(Self { is_wanted: wanted.contains(&Signal::Interrupt) })
        }

        pub(in crate::shutdown) async fn next(&mut self) -> Signal {
            match self.is_wanted {
                true if tokio::signal::ctrl_c().await.is_ok() => Signal::Interrupt,
                _ => pending().await,
            }
        }
    }
}
