//! Tasks that have a name, and what a shutdown does with them.

use std::{
    collections::HashMap,
    future::Future,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::task::{AbortHandle, JoinHandle};

use super::{InFlight, core::Core, level::Level};
use crate::{Name, context::InContextExt, deadline::Carry};

/// What a shutdown does with a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum AtDrain {
    /// Waits for it, and cancels it when the time to drain is up. The default.
    #[default]
    Wait,
    /// Cancels it once no new work is taken: for loops that may be dropped at any `.await`.
    Cancel,
}

#[derive(Default)]
pub(super) struct Tasks(Mutex<Known>);

#[derive(Default)]
struct Known {
    next: u64,
    by_number: HashMap<u64, (AtDrain, Option<AbortHandle>)>,
}

impl Tasks {
    fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Cancels those that are not waited for, or all.
    pub(super) fn cancel(&self, all: bool) {
        let known = self.lock();
        let chosen = known.by_number.values().filter(|(at_drain, _)| all || *at_drain == AtDrain::Cancel);
        let tasks: Vec<AbortHandle> = chosen.filter_map(|(_, task)| task.clone()).collect();
        drop(known);
        // What a task does when it is dropped, it may do at once.
        tasks.iter().for_each(AbortHandle::abort);
    }
}

/// Takes the task off the list when it is done or dropped.
struct Listed {
    core: Arc<Core>,
    number: u64,
    // Behind the list, as the shutdown goes on when nothing is in flight.
    _in_flight: InFlight,
}

impl Drop for Listed {
    fn drop(&mut self) {
        let _task = self.core.tasks.lock().by_number.remove(&self.number);
    }
}

#[track_caller]
pub(super) fn spawn<F>(core: &Arc<Core>, name: Name, at_drain: AtDrain, future: F) -> JoinHandle<F::Output>
where
    F: Future<Output: Send> + Send + 'static,
{
    let number = {
        let mut known = core.tasks.lock();
        known.next += 1;
        let number = known.next;
        // Listed before it runs, so that it is not listed after it has ended.
        known.by_number.insert(number, (at_drain, None));
        number
    };
    let listed = Listed { core: Arc::clone(core), number, _in_flight: core.work(name).begin() };
    let task = tokio::spawn(
        async move {
            let _listed = listed;
            future.await
        }
        .in_current_context()
        .carrying(Carry::Only(None)),
    );
    if let Some((_, abort)) = core.tasks.lock().by_number.get_mut(&number) {
        *abort = Some(task.abort_handle());
    }
    if at_drain == AtDrain::Cancel && core.levels.is(Level::Draining) {
        task.abort();
    }
    task
}
