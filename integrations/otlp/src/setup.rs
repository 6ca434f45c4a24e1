use std::{sync::Arc, time::Duration};

use mainstay_runtime::trace::{self, ExportError, SpanData, SpanExporter, TraceConfig};

use crate::{
    Protocol, SetupError, StdoutExporter, TracingConfig, TracingGuard,
    encode::Encoding,
    environment::Environment,
    error::Place,
    exporter::OtlpExporter,
    guard::Kind,
    settings::{Settings, Target, Wire},
    tally::Tally,
    transport::{Http, Transport},
};

/// Sets up tracing for this process: from now on spans are sampled, batched and sent, until the guard goes.
///
/// Call it once, first thing in `main`, and keep what it gives until the end of it. The collector need not be there yet.
///
/// # Errors
///
/// An option or a variable of the environment makes no sense; the error names it and says what to write. Or tracing is set up
/// already.
///
/// ```
/// use std::time::Duration;
/// use mainstay_otlp::{Exporter, Format, TracingConfig, setup_tracing};
///
/// let tracing = setup_tracing(TracingConfig::new("orders").exporter(Exporter::Stdout(Format::Line)))?;
/// // … the program …
/// let report = tracing.shutdown(Duration::from_secs(5));
/// assert_eq!(report.dropped, 0);
/// # Ok::<(), mainstay_otlp::SetupError>(())
/// ```
pub fn setup_tracing(config: TracingConfig) -> Result<TracingGuard, SetupError> {
    let variables = if config.is_alone { Environment::empty() } else { Environment::of_process() };
    let Some(settings) = Settings::resolve(&config, &variables)? else { return Ok(TracingGuard::off()) };
    let tally = Arc::new(Tally::default());
    let Settings { target, sampler, limits, propagators, resource, queue, batch, delay } = settings;
    let (trace, kind) = match target {
        Target::Otlp { protocol, wire, request_timeout, export_timeout } => {
            let exporter = OtlpExporter::new(
                transport(protocol, wire)?,
                request_timeout,
                export_timeout,
                Arc::clone(&tally),
            );
            let exporter = exporter.map_err(|error| {
                SetupError::option("export_timeout", None, error.problem()).with_source(error)
            })?;
            (TraceConfig::new(exporter), Kind::Otlp(tally))
        }
        Target::Stdout(format) => (TraceConfig::new(StdoutExporter::new(format)), Kind::Stdout),
        Target::Nowhere => (TraceConfig::new(Nowhere), Kind::Nowhere),
    };
    let mut trace = trace.sampler(sampler).limits(limits).resource(resource);
    if let Some(propagators) = propagators {
        trace = trace.propagators(propagators);
    }
    if let Some(spans) = queue {
        trace = trace.queue_size(spans);
    }
    if let Some(spans) = batch {
        trace = trace.batch_size(spans);
    }
    if let Some(delay) = delay {
        trace = trace.delay(delay);
    }
    let guard = trace::install(trace)
        .map_err(|error| SetupError::new(Place::Pipeline, None, error.to_string()).with_source(error))?;
    Ok(TracingGuard::new(guard, kind, config.drop_deadline.unwrap_or(AT_DROP)))
}

/// How long a guard that is dropped sends what is left.
const AT_DROP: Duration = Duration::from_secs(5);

fn transport(protocol: Protocol, wire: Wire) -> Result<Box<dyn Transport>, SetupError> {
    match protocol {
        #[cfg(feature = "grpc")]
        Protocol::Grpc => Ok(Box::new(crate::transport::Grpc::new(wire)?)),
        Protocol::HttpJson => Ok(Box::new(Http::new(wire, Encoding::Json))),
        _ => Ok(Box::new(Http::new(wire, Encoding::Binary))),
    }
}

/// Takes spans and keeps nothing of them.
struct Nowhere;

impl SpanExporter for Nowhere {
    fn export(&mut self, _batch: &mut Vec<SpanData>) -> Result<(), ExportError> {
        Ok(())
    }
}
