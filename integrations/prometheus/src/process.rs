use std::{fs, str::FromStr};

use mainstay_runtime::metrics::{Collect, Descriptor, LabelSet, MetricKind, Sample, Sink};

/// What the process uses, under the names that all client libraries of Prometheus give it. From `/proc`: elsewhere than on
/// Linux it gives nothing.
///
/// | metric | what |
/// |---|---|
/// | `process_cpu_seconds_total` | processor time, of the user's and of the system |
/// | `process_resident_memory_bytes` | memory in use |
/// | `process_virtual_memory_bytes` | memory that has addresses |
/// | `process_start_time_seconds` | when it started, since the Unix epoch |
/// | `process_open_fds`, `process_max_fds` | files and sockets, and how many there may be |
/// | `process_threads` | threads |
#[derive(Debug, Clone, Copy, Default)]
pub struct ProcessMetrics;

impl Collect for ProcessMetrics {
    fn collect(&self, sink: &mut dyn Sink) {
        if let Some(stat) = Stat::read() {
            give(
                sink,
                "process_cpu_seconds_total",
                "Processor time that was used.",
                Sample::FloatCounter(stat.cpu),
            );
            give(sink, "process_resident_memory_bytes", "Memory in use.", Sample::IntGauge(stat.resident));
            give(
                sink,
                "process_virtual_memory_bytes",
                "Memory that has addresses.",
                Sample::IntGauge(stat.virtual_size),
            );
            give(sink, "process_threads", "Threads.", Sample::IntGauge(stat.threads));
            if let Some(start) = stat.start {
                let help = "When the process started, in seconds since the Unix epoch.";
                give(sink, "process_start_time_seconds", help, Sample::Gauge(start));
            }
        }
        if let Ok(files) = fs::read_dir("/proc/self/fd") {
            // One of them is the one that counts.
            let open = i64::try_from(files.count().saturating_sub(1)).unwrap_or(i64::MAX);
            give(sink, "process_open_fds", "Files and sockets that are open.", Sample::IntGauge(open));
        }
        if let Some(most) = most_files() {
            give(sink, "process_max_fds", "How many files and sockets may be open.", Sample::Gauge(most));
        }
    }
}

fn give(sink: &mut dyn Sink, name: &str, help: &'static str, sample: Sample<'_>) {
    let kind = match sample {
        Sample::FloatCounter(_) => MetricKind::Counter,
        _ => MetricKind::Gauge,
    };
    if Descriptor::new(name, help, kind).is_ok_and(|family| sink.family(&family)) {
        sink.sample(&LabelSet::none(), sample);
    }
}

/// What `/proc/self/stat` tells; see proc(5).
struct Stat {
    cpu: f64,
    threads: i64,
    start: Option<f64>,
    virtual_size: i64,
    resident: i64,
}

impl Stat {
    fn read() -> Option<Self> {
        let stat = fs::read_to_string("/proc/self/stat").ok()?;
        // The name may hold anything, also a `)`. What follows it is the third field.
        let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
        let ticks = rustix::param::clock_ticks_per_second() as f64;
        let seconds = |number: usize| Some(field::<u64>(&fields, number)? as f64 / ticks);
        let page = i64::try_from(rustix::param::page_size()).ok()?;
        Some(Self {
            cpu: seconds(14)? + seconds(15)?,
            threads: field(&fields, 20)?,
            start: boot_time().zip(seconds(22)).map(|(boot, after)| boot + after),
            virtual_size: field(&fields, 23)?,
            resident: field::<i64>(&fields, 24)?.saturating_mul(page),
        })
    }
}

/// A field by its number in proc(5).
fn field<T: FromStr>(fields: &[&str], number: usize) -> Option<T> {
    fields.get(number.checked_sub(3)?)?.parse().ok()
}

/// When the machine started, in seconds since the Unix epoch.
fn boot_time() -> Option<f64> {
    let stat = fs::read_to_string("/proc/stat").ok()?;
    stat.lines().find_map(|line| line.strip_prefix("btime "))?.trim().parse().ok()
}

fn most_files() -> Option<f64> {
    let limits = fs::read_to_string("/proc/self/limits").ok()?;
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"))?;
    match line.split_whitespace().next()? {
        "unlimited" => Some(f64::INFINITY),
        soft => soft.parse().ok(),
    }
}
