//! One life of the service after another.

use std::{
    collections::HashSet,
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
    process::Stdio,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use fastrand::Rng;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
    task::JoinSet,
};

use crate::{
    client::{Connection, Fate},
    plan::Plan,
    tally::Tally,
};

const PRE_DRAIN: Duration = Duration::from_millis(300);

/// How clients behave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Manner {
    /// Keeps its connection for as long as it may.
    Keeps,
    /// Opens a connection for each request, until the service is not ready.
    Heeds,
    /// Opens a connection for each request, until nobody answers.
    Pushes,
}

const CLIENTS: [(Manner, usize); 3] = [(Manner::Keeps, 6), (Manner::Heeds, 3), (Manner::Pushes, 2)];

/// What the clients of one service share.
struct Load {
    address: SocketAddr,
    pre_drains: bool,
    next_id: AtomicU64,
    is_ready: AtomicBool,
    /// When the service was asked whether it is ready, the last time that it said yes.
    was_ready: Mutex<Instant>,
    is_told: AtomicBool,
    tally: Mutex<Tally>,
    /// Requests that got no response at all on a connection of their own.
    cut: Mutex<Vec<u64>>,
}

pub(crate) fn all(plan: &Plan) -> Result<Tally, String> {
    let runtime = tokio::runtime::Runtime::new().map_err(|error| error.to_string())?;
    let plan = *plan;
    runtime.block_on(async move {
        let (mut running, mut tally) = (JoinSet::new(), Tally::default());
        for number in 0..plan.shutdowns {
            if running.len() as u64 >= plan.at_once {
                tally.add(finished(running.join_next().await)?);
            }
            running.spawn(one(number, plan));
        }
        while !running.is_empty() {
            tally.add(finished(running.join_next().await)?);
        }
        Ok(tally)
    })
}

type Joined = Option<Result<Result<Tally, String>, tokio::task::JoinError>>;

fn finished(joined: Joined) -> Result<Tally, String> {
    match joined {
        Some(Ok(tally)) => tally,
        Some(Err(error)) => Err(error.to_string()),
        None => Ok(Tally::default()),
    }
}

async fn one(number: u64, plan: Plan) -> Result<Tally, String> {
    let mut rng = Rng::with_seed(plan.seed.wrapping_add(number));
    let pre_drains = number.is_multiple_of(2);
    let pre_drain = if pre_drains { PRE_DRAIN } else { Duration::ZERO };
    let books = std::env::temp_dir().join(format!("mainstay-shutdown-{}-{number}", std::process::id()));
    let (mut service, port) =
        start(pre_drain, &books, plan.plain).await.map_err(|error| format!("the service: {error}"))?;
    let load = Arc::new(Load {
        address: (Ipv4Addr::LOCALHOST, port).into(),
        pre_drains,
        next_id: AtomicU64::new(1),
        is_ready: AtomicBool::new(true),
        was_ready: Mutex::new(Instant::now()),
        is_told: AtomicBool::new(false),
        tally: Mutex::default(),
        cut: Mutex::default(),
    });
    let mut clients = JoinSet::new();
    clients.spawn(Arc::clone(&load).watch_readiness());
    for (manner, count) in CLIENTS {
        (0..count).for_each(|_| drop(clients.spawn(Arc::clone(&load).client(manner, rng.fork()))));
    }
    tokio::time::sleep(Duration::from_millis(rng.u64(20..120))).await;
    let told = Instant::now();
    terminate(&service).await?;
    load.is_told.store(true, Ordering::Release);
    let status = service.wait().await.map_err(|error| error.to_string())?;
    let took = told.elapsed().saturating_sub(pre_drain);
    while clients.join_next().await.is_some() {}

    let begun = std::fs::read_to_string(&books).unwrap_or_default();
    let begun: HashSet<u64> = begun.lines().filter_map(|line| line.parse().ok()).collect();
    let _ = std::fs::remove_file(&books);
    let mut tally = std::mem::take(&mut *load.tally.lock().unwrap_or_else(PoisonError::into_inner));
    for id in load.cut.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
        if begun.contains(&id) {
            tally.lost.push(format!("shutdown {number}: request {id} was begun and not answered"));
        } else {
            tally.turned_away += 1;
        }
    }
    tally.shutdowns = 1;
    tally.took.push(took);
    if !status.success() {
        tally.bad_ends.push(format!("shutdown {number}: {status}"));
    }
    Ok(tally)
}

async fn start(pre_drain: Duration, books: &PathBuf, plain: bool) -> std::io::Result<(Child, u16)> {
    let mut command = Command::new(std::env::current_exe()?);
    command.arg("serve").arg(pre_drain.as_millis().to_string()).arg(books).arg(plain.to_string());
    let mut service = command.stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true).spawn()?;
    let out = service.stdout.take().ok_or(std::io::ErrorKind::BrokenPipe)?;
    let mut lines = BufReader::new(out).lines();
    let port = lines.next_line().await?.and_then(|line| line.parse().ok());
    // What it says at its end must have somebody who reads it.
    tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
    port.map(|port| (service, port)).ok_or_else(|| std::io::ErrorKind::UnexpectedEof.into())
}

async fn terminate(service: &Child) -> Result<(), String> {
    let id = service.id().ok_or("the service has ended by itself")?;
    let kill = Command::new("sh").arg("-c").arg(format!("kill -TERM {id}")).status().await;
    match kill {
        Ok(status) if status.success() => Ok(()),
        other => Err(format!("kill: {other:?}")),
    }
}

impl Load {
    /// Does what a load balancer does.
    async fn watch_readiness(self: Arc<Self>) {
        let mut asked = Instant::now();
        while Connection::is_ready(self.address).await {
            *self.was_ready.lock().unwrap_or_else(PoisonError::into_inner) = asked;
            tokio::time::sleep(Duration::from_millis(5)).await;
            asked = Instant::now();
        }
        self.is_ready.store(false, Ordering::Release);
    }

    async fn client(self: Arc<Self>, manner: Manner, mut rng: Rng) {
        let (mut kept, mut refused) = (None::<Connection>, 0);
        loop {
            let is_wanted = manner == Manner::Pushes || self.is_ready.load(Ordering::Acquire);
            // Who keeps a connection uses it for as long as it is there.
            if kept.is_none() && !is_wanted {
                return;
            }
            let was_kept = kept.is_some();
            let connection = match kept.take() {
                Some(connection) => Ok(connection),
                None => Connection::open(self.address).await,
            };
            let Ok(mut connection) = connection else {
                self.refuse(manner);
                refused += 1;
                if manner != Manner::Pushes || refused > 20 {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(2)).await;
                continue;
            };
            let id = self.next_id.fetch_add(1, Ordering::Relaxed);
            let fate = connection.ask(id).await;
            self.settle(manner, id, was_kept, fate);
            match fate {
                Fate::Answered { kept: true } if manner == Manner::Keeps => kept = Some(connection),
                Fate::Answered { .. } => {}
                _ if manner != Manner::Pushes => return,
                _ => {}
            }
            if rng.u8(..) < 32 {
                tokio::time::sleep(Duration::from_micros(rng.u64(0..8000))).await;
            }
        }
    }

    /// Whether the service owes this client an answer on a new connection. From when it was last ready on, it takes
    /// connections for as long as the pre-drain; a client that did not come to ask again for so long, because the machine
    /// had no time for it, heeds nothing.
    fn is_owed(&self, manner: Manner) -> bool {
        let asked = *self.was_ready.lock().unwrap_or_else(PoisonError::into_inner);
        self.pre_drains && manner != Manner::Pushes && asked.elapsed() < PRE_DRAIN
    }

    fn refuse(&self, manner: Manner) {
        let mut tally = self.tally.lock().unwrap_or_else(PoisonError::into_inner);
        if self.is_owed(manner) {
            tally.lost.push(format!("a client that heeds the readiness was refused ({manner:?})"));
        } else {
            tally.turned_away += 1;
        }
    }

    fn settle(&self, manner: Manner, id: u64, was_kept: bool, fate: Fate) {
        let mut tally = self.tally.lock().unwrap_or_else(PoisonError::into_inner);
        match fate {
            Fate::Answered { .. } => {
                tally.answered += 1;
                tally.answered_late += u64::from(self.is_told.load(Ordering::Acquire));
            }
            Fate::Broken => tally.lost.push(format!("request {id}: the response broke off ({manner:?})")),
            Fate::Cut if was_kept => {
                tally.lost.push(format!("request {id}: no response on a connection that was kept"))
            }
            Fate::Cut if self.is_owed(manner) => {
                tally.lost.push(format!("request {id}: no response ({manner:?}, with a pre-drain)"));
            }
            // The service's books say whether it was accepted.
            Fate::Cut => self.cut.lock().unwrap_or_else(PoisonError::into_inner).push(id),
        }
    }
}
