use std::time::Duration;

use mainstay_runtime::{
    ConfigError, adaptive_limit::AdaptiveLimit, bulkhead::Bulkhead, throttle::ThrottleConfig,
};
use mainstay_testkit::simulation::{Change, Guard, Model, Report};

use crate::panel::{Curve, Panel};

const fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// Half a second to a point.
fn curve(name: &'static str, colour: usize, seconds: f64, value: impl Fn(f64, f64) -> f64) -> Curve {
    let points = (0..(seconds * 2.0) as u32).map(|half| {
        let from = f64::from(half) / 2.0;
        (from + 0.25, value(from, from + 0.5))
    });
    Curve { name, colour, points: points.collect() }
}

pub(crate) fn panels() -> Result<Vec<Panel>, ConfigError> {
    let mut panels = limits()?;
    panels.push(throttle()?);
    Ok(panels)
}

/// 20 servers of 10 ms; callers wait for 100 ms.
fn limits() -> Result<Vec<Panel>, ConfigError> {
    let seconds = 80.0;
    let changes = vec![
        (secs(10), Change::Offered(6_000.0)),
        (secs(30), Change::Servers(7)),
        (secs(50), Change::Servers(20)),
        (secs(70), Change::Offered(1_000.0)),
    ];
    let model = Model { changes, ..Model::default() };
    let marks = vec![
        (10.0, "3 × the capacity"),
        (30.0, "a third of the servers"),
        (50.0, "all again"),
        (70.0, "half load"),
    ];
    let run = |guard| model.run(guard, Duration::from_secs_f64(seconds));
    let (adaptive, fixed) = (AdaptiveLimit::builder().build("plot")?, Bulkhead::builder(300).build("plot")?);
    let adaptive = run(Guard::Adaptive(&adaptive));
    let (fixed, nothing) = (run(Guard::Fixed(&fixed)), run(Guard::Nothing));
    let goodput = |report: &Report, from, to| report.goodput(from..to);
    let capacity = |from: f64, _| if (30.0..50.0).contains(&from) { 700.0 } else { 2_000.0 };
    let limit = |from, to| {
        let last = adaptive.between(from..to).last();
        last.and_then(|slice| slice.limit).map_or(0.0, f64::from)
    };
    Ok(vec![
        Panel {
            title: "Calls answered in time",
            unit: "calls per second",
            most: 2_400.0,
            seconds,
            curves: vec![
                curve("adaptive limit", 0, seconds, |from, to| goodput(&adaptive, from, to)),
                curve("bulkhead of 300", 1, seconds, |from, to| goodput(&fixed, from, to)),
                curve("no limit", 2, seconds, |from, to| goodput(&nothing, from, to)),
                curve("capacity", 3, seconds, capacity),
            ],
            marks: marks.clone(),
        },
        Panel {
            title: "The adaptive limit, and how long the calls take under it (10 ms alone)",
            unit: "calls in flight, ms",
            most: 80.0,
            seconds,
            curves: vec![
                curve("limit", 0, seconds, limit),
                curve("mean latency in ms", 1, seconds, |from, to| {
                    adaptive.latency(from..to).as_secs_f64() * 1e3
                }),
            ],
            marks,
        },
    ])
}

/// A server that rejects whoever finds 20 waiting.
fn throttle() -> Result<Panel, ConfigError> {
    let seconds = 80.0;
    let changes = vec![(secs(10), Change::Offered(10_000.0)), (secs(50), Change::Offered(1_500.0))];
    let model = Model { line: Some(20), changes, ..Model::default() };
    let run = |guard| model.run(guard, Duration::from_secs_f64(seconds));
    let throttle = ThrottleConfig::new().window(secs(10)).build("plot")?;
    let throttled = run(Guard::Throttle(&throttle));
    Ok(Panel {
        title: "Calls that reach a server that rejects what it cannot do, behind a throttle (k = 2, window = \"10s\")",
        unit: "calls per second",
        most: 12_000.0,
        seconds,
        curves: vec![
            curve("sent", 0, seconds, |from, to| throttled.sent(from..to)),
            curve("answered in time", 1, seconds, |from, to| throttled.goodput(from..to)),
            curve("offered", 2, seconds, |from, _| match from {
                from if from < 10.0 => 1_000.0,
                from if from < 50.0 => 10_000.0,
                _ => 1_500.0,
            }),
            curve("capacity", 3, seconds, |_, _| model.capacity()),
        ],
        marks: vec![(10.0, "5 × the capacity"), (50.0, "three quarters of it")],
    })
}
