//! What a body does: mostly its work, sometimes something worse.

use std::{future::pending, panic::resume_unwind, time::Duration};

use fastrand::Rng;
use tokio::task::yield_now;

use crate::failure::{Answer, Failure};

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Fault {
    None,
    Yields(u8),
    Slow(Duration),
    Reset,
    Declined,
    Panic,
    /// Never answers; only a time limit or the caller ends it.
    Hang,
}

impl Fault {
    pub fn any(random: &mut Rng) -> Self {
        match random.u8(0..100) {
            0..64 => Self::None,
            64..78 => Self::Yields(random.u8(1..8)),
            78..83 => Self::Slow(Duration::from_micros(random.u64(100..5_000))),
            83..92 => Self::Reset,
            92..96 => Self::Declined,
            96..98 => Self::Panic,
            _ => Self::Hang,
        }
    }

    pub async fn act(self) -> Answer {
        match self {
            Self::Yields(times) => {
                for _ in 0..times {
                    yield_now().await;
                }
            }
            Self::Slow(time) => tokio::time::sleep(time).await,
            Self::Hang => pending().await,
            Self::None | Self::Reset | Self::Declined | Self::Panic => {}
        }
        self.end()
    }

    /// The same on a thread, where nothing could end a hang: it is a slow call there.
    pub fn act_sync(self) -> Answer {
        match self {
            Self::Yields(times) => (0..times).for_each(|_| std::thread::yield_now()),
            Self::Slow(time) => std::thread::sleep(time),
            Self::Hang => std::thread::sleep(Duration::from_millis(10)),
            Self::None | Self::Reset | Self::Declined | Self::Panic => {}
        }
        self.end()
    }

    fn end(self) -> Answer {
        match self {
            Self::Reset => Err(Failure::Reset),
            Self::Declined => Err(Failure::Declined),
            // A panic without the hook, which would print each.
            Self::Panic => resume_unwind(Box::new(Self::Panic)),
            _ => Ok(1),
        }
    }
}
