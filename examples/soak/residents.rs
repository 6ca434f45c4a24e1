//! Those who call from the beginning to the end.

use std::{sync::Arc, thread, time::Duration};

use fastrand::Rng;
use tokio::{
    runtime::{Builder, Runtime},
    task::JoinHandle,
};

use crate::{gate::Gate, traffic};

/// Tasks for each core.
const TASKS: usize = 64;
/// How often and how long to wait for a thread that is to end.
const LOOKS: u32 = 10_000;
const LOOK: Duration = Duration::from_millis(1);

pub struct Residents {
    runtime: Runtime,
    tasks: Vec<JoinHandle<()>>,
    threads: Vec<thread::JoinHandle<()>>,
}

impl Residents {
    /// # Errors
    /// If the system gives no threads.
    pub fn move_in(gate: &Arc<Gate>, random: &mut Rng) -> Result<Self, String> {
        let runtime = Builder::new_multi_thread().enable_all().build().map_err(|error| error.to_string())?;
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let task = |random| runtime.spawn(traffic::resident(Arc::clone(gate), random));
        let tasks = (0..TASKS * cores).map(|_| task(random.fork())).collect();
        let lives = [
            traffic::thread_resident,
            traffic::thread_resident,
            traffic::thread_visitors,
            traffic::runtime_visitors,
        ];
        let threads = lives.map(|live| {
            let (gate, random) = (Arc::clone(gate), random.fork());
            thread::spawn(move || live(&gate, random))
        });
        Ok(Self { runtime, tasks, threads: threads.into() })
    }

    /// Whether all are still there: one who has died would go unnoticed, and so would what it no longer does.
    ///
    /// # Errors
    /// If one has died.
    pub fn are_alive(&self) -> Result<(), String> {
        let dead = self.tasks.iter().filter(|task| task.is_finished()).count()
            + self.threads.iter().filter(|thread| thread.is_finished()).count();
        if dead == 0 { Ok(()) } else { Err(format!("{dead} of those who call have died")) }
    }

    /// To be called once the gate has ended.
    ///
    /// # Errors
    /// If one does not go.
    pub fn move_out(self) -> Result<(), String> {
        for _ in 0..LOOKS {
            let gone = self.tasks.iter().all(JoinHandle::is_finished)
                && self.threads.iter().all(thread::JoinHandle::is_finished);
            if gone {
                self.runtime.shutdown_background();
                return Ok(());
            }
            thread::sleep(LOOK);
        }
        Err("some of those who call do not end".to_owned())
    }
}
