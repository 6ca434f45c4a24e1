use std::time::Duration;

use mainstay_runtime::{
    propagate::Propagators,
    trace::{Resource, Sampler, SpanLimits},
};

use crate::{
    Exporter, Format, Protocol, SetupError, TracingConfig, endpoint::Endpoint, environment::Environment,
    given::Given, pairs, resource,
};

/// What the code and the environment come to.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) target: Target,
    pub(crate) sampler: Sampler,
    pub(crate) limits: SpanLimits,
    pub(crate) propagators: Option<Propagators>,
    pub(crate) resource: Resource,
    pub(crate) queue: Option<usize>,
    pub(crate) batch: Option<usize>,
    pub(crate) delay: Option<Duration>,
}

/// Where spans go.
#[derive(Debug)]
pub(crate) enum Target {
    Otlp { protocol: Protocol, wire: Wire, request_timeout: Duration, export_timeout: Duration },
    Stdout(Format),
    Nowhere,
}

/// What a way to a collector needs to know.
pub(crate) struct Wire {
    pub(crate) endpoint: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) gzip: bool,
    /// Whether the environment may name a proxy.
    pub(crate) may_proxy: bool,
    /// Where the address is encrypted.
    #[cfg_attr(not(feature = "tls"), expect(dead_code, reason = "no address is encrypted"))]
    pub(crate) tls: Option<Tls>,
}

/// Texts in PEM, known to hold what they should.
#[cfg_attr(not(feature = "tls"), expect(dead_code, reason = "no address is encrypted"))]
pub(crate) struct Tls {
    pub(crate) root: Option<Vec<u8>>,
    pub(crate) identity: Option<(Vec<u8>, Vec<u8>)>,
}

/// Without headers and keys, which may be secret.
impl std::fmt::Debug for Wire {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Wire")
            .field("endpoint", &self.endpoint)
            .field("gzip", &self.gzip)
            .finish_non_exhaustive()
    }
}

impl Settings {
    /// `None` where the environment has switched tracing off.
    pub(crate) fn resolve(
        config: &TracingConfig,
        variables: &Environment,
    ) -> Result<Option<Self>, SetupError> {
        if variables.0.is_true("OTEL_SDK_DISABLED")? {
            return Ok(None);
        }
        let resource = resource::find(config, variables)?;
        Ok(Some(Self {
            sampler: sampler(config, variables, resource.environment().as_deref())?,
            limits: SpanLimits::from_variables(&variables.0)?,
            propagators: Propagators::from_variables(&variables.0)?,
            queue: size("queue_size", config.queue_size, "OTEL_BSP_MAX_QUEUE_SIZE", variables)?,
            batch: size("batch_size", config.batch_size, "OTEL_BSP_MAX_EXPORT_BATCH_SIZE", variables)?,
            delay: time("delay", config.delay, &["OTEL_BSP_SCHEDULE_DELAY"], variables)?,
            target: target(config, variables)?,
            resource,
        }))
    }
}

fn sampler(
    config: &TracingConfig,
    variables: &Environment,
    environment: Option<&str>,
) -> Result<Sampler, SetupError> {
    match config.sample_rate {
        Some(share) if (0.0..=1.0).contains(&share) => Ok(Sampler::ratio(share).parent_based()),
        Some(share) => {
            let remedy = "write a share of all traces from 0 to 1, such as 0.1";
            Err(Given::option("sample_rate", share).wrong(remedy))
        }
        None => Ok(Sampler::from_variables(&variables.0, environment)?),
    }
}

fn size(
    option: &'static str,
    value: Option<usize>,
    name: &'static str,
    variables: &Environment,
) -> Result<Option<usize>, SetupError> {
    match value {
        Some(0) => Err(Given::option(option, 0).wrong("write a number of at least 1")),
        Some(value) => Ok(Some(value)),
        None => variables.count(name),
    }
}

fn time(
    option: &'static str,
    value: Option<Duration>,
    names: &[&'static str],
    variables: &Environment,
) -> Result<Option<Duration>, SetupError> {
    match value {
        Some(Duration::ZERO) => Err(Given::option(option, "0").wrong("write at least a millisecond")),
        Some(value) => Ok(Some(value)),
        None => variables.millis(names),
    }
}

fn target(config: &TracingConfig, variables: &Environment) -> Result<Target, SetupError> {
    let protocol = match exporter(config, variables)? {
        Given { value: Exporter::None, .. } => return Ok(Target::Nowhere),
        Given { value: Exporter::Stdout(format), .. } => return Ok(Target::Stdout(format)),
        Given { value: Exporter::Otlp(protocol), place } => Given { value: protocol, place },
    };
    if protocol.value == Protocol::Grpc && !cfg!(feature = "grpc") {
        return Err(protocol
            .map(|_| "grpc")
            .wrong("OTLP over gRPC needs the feature `otlp-grpc` of the crate `mainstay`"));
    }
    let protocol = protocol.value;
    let names = ["OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "OTEL_EXPORTER_OTLP_TIMEOUT"];
    let second = Duration::from_secs(1);
    let endpoint = endpoint(config, variables, protocol)?.resolve(protocol)?;
    let tls =
        if endpoint.starts_with("https:") { Some(crate::tls_files::find(config, variables)?) } else { None };
    Ok(Target::Otlp {
        protocol,
        wire: Wire {
            endpoint,
            headers: headers(config, variables)?,
            gzip: gzip(config, variables)?,
            tls,
            may_proxy: !config.is_alone,
        },
        request_timeout: time("request_timeout", config.request_timeout, &names, variables)?
            .unwrap_or(10 * second),
        export_timeout: time(
            "export_timeout",
            config.export_timeout,
            &["OTEL_BSP_EXPORT_TIMEOUT"],
            variables,
        )?
        .unwrap_or(30 * second),
    })
}

fn exporter(config: &TracingConfig, variables: &Environment) -> Result<Given<Exporter>, SetupError> {
    if let Some(exporter) = config.exporter {
        return Ok(Given::option("exporter", exporter));
    }
    if let Some(given) = variables.first(&["OTEL_TRACES_EXPORTER"])? {
        let exporter = given.parse(
            |text| match text {
                "otlp" => Some(None),
                "console" | "stdout" => Some(Some(Exporter::Stdout(Format::Line))),
                "none" => Some(Some(Exporter::None)),
                _ => None,
            },
            "write `otlp`, `console` or `none`",
        )?;
        if let Given { value: Some(value), place } = exporter {
            return Ok(Given { value, place });
        }
    }
    let names = ["OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL"];
    let Some(given) = variables.first(&names)? else {
        return Ok(Given::option("exporter", Exporter::Otlp(Protocol::Http)));
    };
    let protocol = given.parse(
        |text| match text {
            "http/protobuf" => Some(Protocol::Http),
            "http/json" => Some(Protocol::HttpJson),
            "grpc" => Some(Protocol::Grpc),
            _ => None,
        },
        "write `http/protobuf`, `http/json` or `grpc`",
    )?;
    Ok(protocol.map(Exporter::Otlp))
}

fn endpoint(
    config: &TracingConfig,
    variables: &Environment,
    protocol: Protocol,
) -> Result<Endpoint, SetupError> {
    if let Some(url) = &config.traces_endpoint {
        return Ok(Endpoint::Traces(Given::option("traces_endpoint", url.clone())));
    }
    if let Some(url) = &config.endpoint {
        return Ok(Endpoint::Base(Given::option("endpoint", url.clone())));
    }
    if let Some(given) = variables.first(&["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"])? {
        return Ok(Endpoint::Traces(given));
    }
    if let Some(given) = variables.first(&["OTEL_EXPORTER_OTLP_ENDPOINT"])? {
        return Ok(Endpoint::StrictBase(given));
    }
    if let Some(given) = variables.first(&["JAEGER_ENDPOINT"])? {
        return Ok(Endpoint::Base(given));
    }
    let port = if protocol == Protocol::Grpc { 4317 } else { 4318 };
    Ok(Endpoint::Base(Given::option("endpoint", format!("http://localhost:{port}"))))
}

fn headers(config: &TracingConfig, variables: &Environment) -> Result<Vec<(String, String)>, SetupError> {
    let mut headers = Vec::new();
    if let Some(given) =
        variables.first(&["OTEL_EXPORTER_OTLP_TRACES_HEADERS", "OTEL_EXPORTER_OTLP_HEADERS"])?
    {
        headers = pairs::read(&given.value).map_err(|at| {
            given.wrong_secret(format!(
                "pair {at} is none: write `name=value,name2=value2`, with `%2C` for a comma in a value"
            ))
        })?;
        if let Some((name, _)) = headers.iter().find(|(name, value)| !is_header(name, value)) {
            return Err(given.wrong_secret(format!(
                "`{name}` cannot be sent: names are letters, digits and `-`, values have no line breaks"
            )));
        }
    }
    for (name, value) in &config.headers {
        if !is_header(name, value) {
            let remedy = "it cannot be sent: names are letters, digits and `-`, values have no line breaks";
            return Err(SetupError::option("header", Some(name.clone()), remedy));
        }
        headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        headers.push((name.clone(), value.clone()));
    }
    Ok(headers)
}

fn is_header(name: &str, value: &str) -> bool {
    use ureq::http::{HeaderName, HeaderValue};
    name.parse::<HeaderName>().is_ok() && HeaderValue::from_str(value).is_ok()
}

fn gzip(config: &TracingConfig, variables: &Environment) -> Result<bool, SetupError> {
    if let Some(gzip) = config.gzip {
        return Ok(gzip);
    }
    let names = ["OTEL_EXPORTER_OTLP_TRACES_COMPRESSION", "OTEL_EXPORTER_OTLP_COMPRESSION"];
    let Some(given) = variables.first(&names)? else { return Ok(false) };
    let parse = |text: &str| match text {
        "gzip" => Some(true),
        "none" => Some(false),
        _ => None,
    };
    given.parse(parse, "write `gzip` or `none`").map(|given| given.value)
}

#[cfg(test)]
mod tests;
