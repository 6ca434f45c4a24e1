//! Those who call: patient ones and hasty ones, tasks and threads, residents and visitors.

use std::{
    future::{Future, poll_fn},
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    task::Poll,
    thread,
    time::Duration,
};

use fastrand::Rng;
use tokio::{
    runtime::{Builder, Runtime},
    time::{sleep, timeout},
};

use crate::{
    fault::Fault,
    gate::{Gate, Pass},
    services::{Service, SyncService},
};

/// How a caller ends a call that does not end by itself.
#[derive(Debug, Clone, Copy)]
enum Manner {
    Waits,
    WaitsForTask,
    DropsAfter(Duration),
    DropsAfterPolls(u8),
    AbortsAfter(Duration),
}

impl Manner {
    fn any(random: &mut Rng) -> Self {
        match random.u8(0..20) {
            0..12 => Self::Waits,
            12..14 => Self::WaitsForTask,
            14..16 => Self::DropsAfterPolls(random.u8(0..4)),
            16..18 => Self::DropsAfter(Duration::from_millis(random.u64(0..4))),
            _ => Self::AbortsAfter(Duration::from_millis(random.u64(0..4))),
        }
    }
}

/// A new key every other time, else one of a few that many call with.
fn key(random: &mut Rng) -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    if random.bool() { NEXT.fetch_add(1, Relaxed) } else { u64::MAX - random.u64(0..8) }
}

/// A call that nobody has polled yet, which holds its pass until it has ended or is dropped.
async fn call(service: Service, fault: Fault, key: u64, pass: Pass) {
    let _pass = pass;
    let call = service.line().call();
    let answer = service.call(key, fault).await;
    call.end(&answer);
}

/// A panic of the call ends it, and nothing else.
async fn caught(call: impl Future<Output = ()>) {
    let mut call = pin!(call);
    poll_fn(|cx| catch_unwind(AssertUnwindSafe(|| call.as_mut().poll(cx))).unwrap_or(Poll::Ready(()))).await;
}

/// Polls so often, then drops.
async fn polled(call: impl Future<Output = ()>, times: u8) {
    let mut call = pin!(caught(call));
    for _ in 0..times {
        let done = poll_fn(|cx| Poll::Ready(call.as_mut().poll(cx).is_ready())).await;
        if done {
            return;
        }
        tokio::task::yield_now().await;
    }
}

/// A task that calls until all is over.
pub async fn resident(gate: Arc<Gate>, mut random: Rng) {
    while let Some(pass) = gate.pass().await {
        let (service, fault) = (Service::any(&mut random), Fault::any(&mut random));
        let manner = match Manner::any(&mut random) {
            // Nobody else would end it.
            Manner::Waits | Manner::WaitsForTask if fault == Fault::Hang && !service.ends_hangs() => {
                Manner::DropsAfter(Duration::from_millis(5))
            }
            manner => manner,
        };
        let call = call(service, fault, key(&mut random), pass);
        match manner {
            Manner::Waits => caught(call).await,
            Manner::WaitsForTask => drop(tokio::spawn(call).await),
            Manner::DropsAfter(time) => drop(timeout(time, caught(call)).await),
            Manner::DropsAfterPolls(times) => polled(call, times).await,
            Manner::AbortsAfter(time) => {
                let task = tokio::spawn(call);
                sleep(time).await;
                task.abort();
                drop(task.await);
            }
        }
    }
}

fn call_sync(pass: &Pass, random: &mut Rng) {
    let _pass = pass;
    let service = if random.bool() { SyncService::Stack } else { SyncService::Bulkhead };
    let fault = Fault::any(random);
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        let call = service.line().call();
        let answer = service.call(fault);
        call.end(&answer);
    }));
    drop(panicked);
}

/// A thread that calls until all is over.
pub fn thread_resident(gate: &Arc<Gate>, mut random: Rng) {
    while let Some(pass) = gate.pass_sync() {
        call_sync(&pass, &mut random);
    }
}

/// Threads that come, make a few calls and end, one after the other.
pub fn thread_visitors(gate: &Arc<Gate>, mut random: Rng) {
    while let Some(pass) = gate.pass_sync() {
        let mut own = random.fork();
        let visitor = thread::spawn(move || (0..own.u8(1..20)).for_each(|_| call_sync(&pass, &mut own)));
        drop(visitor.join());
        thread::sleep(Duration::from_millis(random.u64(0..4)));
    }
}

/// Runtimes that come, and end in the middle of their calls, one after the other.
pub fn runtime_visitors(gate: &Arc<Gate>, mut random: Rng) {
    while let Some(pass) = gate.pass_sync() {
        let runtime = match random.u8(0..3) {
            0 => Builder::new_current_thread().enable_all().build(),
            workers => Builder::new_multi_thread().worker_threads(workers.into()).enable_all().build(),
        };
        let Ok(runtime) = runtime else { continue };
        visit(&runtime, gate, &mut random);
        match random.u8(0..3) {
            0 => drop(runtime),
            1 => runtime.shutdown_background(),
            _ => runtime.shutdown_timeout(Duration::from_millis(1)),
        }
        drop(pass);
        thread::sleep(Duration::from_millis(random.u64(0..10)));
    }
}

fn visit(runtime: &Runtime, gate: &Arc<Gate>, random: &mut Rng) {
    for _ in 0..random.u8(1..20) {
        let (service, fault) = (Service::any(random), Fault::any(random));
        let Some(pass) = gate.pass_now() else { return };
        runtime.spawn(call(service, fault, key(random), pass));
    }
    let stay = Duration::from_millis(random.u64(0..4));
    runtime.block_on(async { sleep(stay).await });
}
