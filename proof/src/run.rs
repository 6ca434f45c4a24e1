use std::{
    collections::HashSet,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use crate::{
    coordinator::Server,
    lines,
    plan::{Outcome, Plan, Store},
    worker,
};

/// How long the proof may take before it is given up.
const MOST: Duration = Duration::from_secs(1200);

/// One run over one store: who was started, and who was killed.
pub(crate) struct Run<'p> {
    plan: &'p Plan,
    store: Store,
    folder: PathBuf,
    random: fastrand::Rng,
    next_life: u64,
    /// The lives that were ended by a kill.
    pub(crate) killed: HashSet<u64>,
    pub(crate) server_kills: u32,
    pub(crate) took: Duration,
}

struct Worker {
    child: Child,
    life: u64,
    done: bool,
}

impl<'p> Run<'p> {
    pub(crate) fn new(plan: &'p Plan, store: Store, folder: &Path) -> Self {
        Self {
            plan,
            store,
            folder: folder.to_owned(),
            random: fastrand::Rng::with_seed(plan.seed),
            next_life: 0,
            killed: HashSet::new(),
            server_kills: 0,
            took: Duration::ZERO,
        }
    }

    pub(crate) fn until_done(mut self, server: &mut Server) -> Outcome<Self> {
        let (start, url) = (Instant::now(), server.url());
        let mut workers = Vec::new();
        for process in 0..self.plan.processes {
            workers.push(self.start(process, &url)?);
        }
        // The server is killed when a quarter, a half and three quarters of the operations are answered.
        let mut marks =
            vec![self.plan.operations / 4 * 3, self.plan.operations / 2, self.plan.operations / 4];
        loop {
            std::thread::sleep(Duration::from_millis(self.random.u64(40..250)));
            if start.elapsed() > MOST {
                return Err(format!("not done after {MOST:?}, {} operations answered", self.answered()?));
            }
            for worker in &mut workers {
                let ended = worker.child.try_wait().map_err(|error| error.to_string())?;
                match ended {
                    Some(status) if status.success() => worker.done = true,
                    Some(status) => return Err(format!("a worker ended by itself: {status}")),
                    None => {}
                }
            }
            if workers.iter().all(|worker| worker.done) {
                self.took = start.elapsed();
                return Ok(self);
            }
            let victim = self.random.u32(0..self.plan.processes);
            let worker = &mut workers[victim as usize];
            if !worker.done {
                worker.child.kill().map_err(|error| error.to_string())?;
                let ended = worker.child.wait().map_err(|error| error.to_string())?;
                // It may have come to its end by itself in this moment.
                if !ended.success() {
                    self.killed.insert(worker.life);
                    *worker = self.start(victim, &url)?;
                }
            }
            if marks.last().is_some_and(|mark| self.answered().is_ok_and(|answered| answered >= *mark)) {
                marks.pop();
                server.kill();
                self.server_kills += 1;
                std::thread::sleep(Duration::from_millis(self.random.u64(100..1000)));
                server.restart()?;
            }
        }
    }

    fn start(&mut self, process: u32, url: &str) -> Outcome<Worker> {
        let life = self.next_life;
        self.next_life += 1;
        let program = std::env::current_exe().map_err(|error| error.to_string())?;
        let child = Command::new(program)
            .args(worker::arguments(self.plan, self.store, url, &self.folder, process, life))
            .stdin(Stdio::null())
            .spawn()
            .map_err(|error| format!("a worker does not start: {error}"))?;
        Ok(Worker { child, life, done: false })
    }

    fn answered(&self) -> Outcome<u32> {
        let mut answered = 0;
        for process in 0..self.plan.processes {
            answered += lines::read(&lines::answers(&self.folder, process))?.len();
        }
        Ok(answered as u32)
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // Also where the proof has failed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
