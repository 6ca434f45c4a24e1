use std::{collections::BinaryHeap, time::Duration};

use mainstay_runtime::{
    adaptive_limit::Priority,
    clock::{Instant, ManualClock},
};

use super::{
    Change, Guard, Model, Report, Slice,
    event::{Event, What},
    guard::{End, Pass},
    line::{Line, Place},
    report::PER_SECOND,
};

/// A model at some moment of its life.
pub(super) struct Run<'a> {
    guard: Guard<'a>,
    patience: u64,
    changes: Vec<(Duration, Change)>,
    shares: [f64; 2],
    offered: f64,
    service: Duration,
    line: Line,
    calls: Vec<Call<'a>>,
    coming: BinaryHeap<Event>,
    planned: u64,
    now: u64,
    random: fastrand::Rng,
    report: Report,
}

/// A call that was let through.
struct Call<'a> {
    came: u64,
    priority: Priority,
    /// `None` once whoever made it has an answer, or waits no longer.
    pass: Option<Pass<'a>>,
}

const SECOND: f64 = 1e9;

impl<'a> Run<'a> {
    pub(super) fn new(model: &Model, guard: Guard<'a>) -> Self {
        let mut run = Self {
            guard,
            patience: nanos(model.patience),
            changes: model.changes.clone(),
            shares: model.shares,
            offered: model.offered,
            service: model.service,
            line: Line::new(model.servers, model.line),
            calls: Vec::new(),
            coming: BinaryHeap::new(),
            planned: 0,
            now: 0,
            random: fastrand::Rng::with_seed(model.seed),
            report: Report::default(),
        };
        // What the throttle draws from.
        fastrand::seed(model.seed);
        for index in 0..run.changes.len() {
            run.plan(nanos(run.changes[index].0), What::Changes(index));
        }
        run.plan_arrival();
        run
    }

    pub(super) fn until(mut self, lasts: Duration) -> Report {
        let clock = ManualClock::new();
        let (_following, start) = (clock.install(), clock.now());
        let end = nanos(lasts);
        while let Some(event) = self.coming.pop().filter(|event| event.at < end) {
            self.now = event.at;
            clock.advance_to(Instant::from_nanos(start.as_nanos() + event.at));
            self.happen(event.what);
            let limit = self.guard.limit();
            self.slice(event.at).limit = limit;
        }
        // The calls still under way are dropped while the clock stands where they left it.
        self.calls.clear();
        self.report
    }

    fn happen(&mut self, what: What) {
        match what {
            What::Arrives => {
                self.arrive();
                self.plan_arrival();
            }
            What::Finishes(call) => {
                self.line.finish();
                self.end(call, End::Answered);
                self.serve();
            }
            What::GivesUp(call) => self.end(call, End::TimedOut),
            What::Changes(index) => {
                match self.changes[index].1 {
                    Change::Servers(servers) => self.line.servers = servers,
                    Change::Service(service) => self.service = service,
                    Change::Offered(offered) => self.offered = offered,
                }
                self.serve();
            }
        }
    }

    fn arrive(&mut self) {
        let priority = self.priority();
        self.slice(self.now).offered[priority as usize] += 1;
        let Some(pass) = self.guard.admit(priority) else { return };
        self.slice(self.now).sent += 1;
        let call = self.calls.len();
        self.calls.push(Call { came: self.now, priority, pass: Some(pass) });
        match self.line.arrive(call) {
            Place::Rejected => {
                self.slice(self.now).rejected += 1;
                return self.end(call, End::Rejected);
            }
            Place::Served => self.begin(call),
            Place::Waits => {}
        }
        self.plan(self.now + self.patience, What::GivesUp(call));
    }

    fn priority(&mut self) -> Priority {
        let drawn = self.random.f64();
        match self.shares {
            [critical, _] if drawn < critical => Priority::Critical,
            [critical, sheddable] if drawn < critical + sheddable => Priority::Sheddable,
            _ => Priority::Normal,
        }
    }

    fn serve(&mut self) {
        while let Some(call) = self.line.next() {
            self.begin(call);
        }
    }

    fn begin(&mut self, call: usize) {
        let takes = self.exponential(self.service.as_secs_f64());
        self.plan(self.now + takes, What::Finishes(call));
    }

    fn end(&mut self, call: usize, end: End) {
        let Call { came, priority, pass } = &mut self.calls[call];
        let (came, priority, Some(pass)) = (*came, *priority, pass.take()) else { return };
        pass.settle(end);
        if end == End::Answered {
            let took = Duration::from_nanos(self.now - came);
            let slice = self.slice(self.now);
            slice.good[priority as usize] += 1;
            slice.took += took;
        }
    }

    fn plan_arrival(&mut self) {
        let after = self.exponential(1.0 / self.offered);
        self.plan(self.now + after, What::Arrives);
    }

    fn plan(&mut self, at: u64, what: What) {
        self.planned += 1;
        self.coming.push(Event { at, planned: self.planned, what });
    }

    /// A random time with that mean in seconds, in nanoseconds.
    fn exponential(&mut self, mean: f64) -> u64 {
        (-mean * (1.0 - self.random.f64()).ln() * SECOND) as u64
    }

    fn slice(&mut self, at: u64) -> &mut Slice {
        let index = (at as f64 / SECOND * PER_SECOND) as usize;
        if self.report.slices.len() <= index {
            self.report.slices.resize(index + 1, Slice::default());
        }
        &mut self.report.slices[index]
    }
}

fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}
