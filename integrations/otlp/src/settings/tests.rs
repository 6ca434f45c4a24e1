use super::*;

fn resolve(
    config: TracingConfig,
    variables: &[(&'static str, &'static str)],
) -> Result<Settings, SetupError> {
    Settings::resolve(&config, &Environment::of(variables)).map(|settings| settings.expect("it is not off"))
}

fn env(variables: &[(&'static str, &'static str)]) -> Settings {
    resolve(TracingConfig::from_env(), variables).unwrap()
}

fn wire(settings: Settings) -> Wire {
    match settings.target {
        Target::Otlp { wire, .. } => wire,
        target => panic!("{target:?}"),
    }
}

#[test]
fn without_a_word_spans_go_to_this_machine_and_all_are_recorded() {
    let settings = env(&[]);
    assert_eq!(settings.sampler, Sampler::default());
    let Target::Otlp { protocol, wire, request_timeout, export_timeout } = settings.target else { panic!() };
    assert_eq!((protocol, wire.endpoint.as_str()), (Protocol::Http, "http://localhost:4318/v1/traces"));
    assert_eq!((request_timeout.as_secs(), export_timeout.as_secs()), (10, 30));
    assert!(!wire.gzip && wire.headers.is_empty());
}

#[test]
fn production_samples_a_tenth_and_the_rest_everything() {
    let rate =
        |environment: &str| resolve(TracingConfig::new("a").environment(environment), &[]).unwrap().sampler;
    assert_eq!(rate("production"), Sampler::ratio(0.1).parent_based());
    assert_eq!(rate("Prod"), Sampler::ratio(0.1).parent_based());
    assert_eq!(rate("development"), Sampler::default());
    assert_eq!(env(&[("ENVIRONMENT", "production")]).sampler, Sampler::ratio(0.1).parent_based());
}

#[test]
fn the_share_is_that_of_the_code_then_of_opentelemetry_then_of_the_rows() {
    let rows = ("TRACE_SAMPLE_RATE", "0.3");
    let (name, share) = (("OTEL_TRACES_SAMPLER", "traceidratio"), ("OTEL_TRACES_SAMPLER_ARG", "0.2"));
    let code = TracingConfig::new("a").sample_rate(0.5);
    assert_eq!(resolve(code, &[rows, name, share]).unwrap().sampler, Sampler::ratio(0.5).parent_based());
    assert_eq!(env(&[rows, name, share]).sampler, Sampler::ratio(0.2));
    assert_eq!(env(&[rows, share]).sampler, Sampler::ratio(0.3).parent_based());
    let off = ("OTEL_TRACES_SAMPLER", "parentbased_always_off");
    assert_eq!(
        env(&[off, ("OTEL_TRACES_SAMPLER_ARG", "nonsense")]).sampler,
        Sampler::always_off().parent_based()
    );
}

#[test]
fn the_address_is_that_of_the_code_then_of_traces_then_of_all_signals_then_of_the_rows() {
    let traces = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://t:1/x");
    let all = ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://a:1");
    let rows = ("JAEGER_ENDPOINT", "http://jaeger:4318");
    let code = || TracingConfig::new("a").endpoint("http://c:1");
    assert_eq!(wire(resolve(code(), &[traces, all, rows]).unwrap()).endpoint, "http://c:1/v1/traces");
    let exact = code().traces_endpoint("http://e:1/y");
    assert_eq!(wire(resolve(exact, &[traces]).unwrap()).endpoint, "http://e:1/y");
    assert_eq!(wire(env(&[traces, all, rows])).endpoint, "http://t:1/x");
    assert_eq!(wire(env(&[all, rows])).endpoint, "http://a:1/v1/traces");
    assert_eq!(wire(env(&[rows])).endpoint, "http://jaeger:4318/v1/traces");
}

#[test]
fn headers_of_the_code_stand_beside_those_of_the_environment_and_before_their_namesakes() {
    let all = ("OTEL_EXPORTER_OTLP_HEADERS", "api-key=all,tenant=shop");
    let headers = |config, variables: &[_]| wire(resolve(config, variables).unwrap()).headers;
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let code = TracingConfig::new("a").header("API-Key", "code");
    assert_eq!(headers(code, &[all]), [pair("tenant", "shop"), pair("API-Key", "code")]);
    let traces = ("OTEL_EXPORTER_OTLP_TRACES_HEADERS", "api-key=traces");
    assert_eq!(headers(TracingConfig::new("a"), &[all, traces]), [pair("api-key", "traces")]);
}

#[test]
fn the_exporter_and_its_times_are_found_in_the_environment() {
    assert!(matches!(env(&[("OTEL_TRACES_EXPORTER", "none")]).target, Target::Nowhere));
    assert!(matches!(env(&[("OTEL_TRACES_EXPORTER", "console")]).target, Target::Stdout(Format::Line)));
    let settings = env(&[
        ("OTEL_TRACES_EXPORTER", "otlp"),
        ("OTEL_EXPORTER_OTLP_TIMEOUT", "5000"),
        ("OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "2000"),
        ("OTEL_BSP_EXPORT_TIMEOUT", "3000"),
        ("OTEL_BSP_SCHEDULE_DELAY", "100"),
        ("OTEL_BSP_MAX_QUEUE_SIZE", "64"),
        ("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "16"),
        ("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip"),
    ]);
    assert_eq!(
        (settings.queue, settings.batch, settings.delay),
        (Some(64), Some(16), Some(Duration::from_millis(100)))
    );
    let Target::Otlp { wire, request_timeout, export_timeout, .. } = settings.target else { panic!() };
    assert_eq!((request_timeout.as_secs(), export_timeout.as_secs(), wire.gzip), (2, 3, true));
}

#[test]
fn limits_and_headers_are_found_in_the_environment() {
    let settings = env(&[("OTEL_SPAN_EVENT_COUNT_LIMIT", "7"), ("OTEL_PROPAGATORS", "baggage")]);
    assert_eq!(settings.limits, SpanLimits::new().events(7));
    assert_eq!(settings.propagators, Some(Propagators::none().baggage(true)));
    let settings = env(&[]);
    assert_eq!((settings.limits, settings.propagators), (SpanLimits::new(), None));
}

#[test]
fn a_switch_turns_everything_off_before_anything_else_is_read() {
    let off = [("OTEL_SDK_DISABLED", "TRUE"), ("OTEL_TRACES_SAMPLER", "nonsense")];
    assert!(Settings::resolve(&TracingConfig::from_env(), &Environment::of(&off)).unwrap().is_none());
    assert!(resolve(TracingConfig::from_env(), &[("OTEL_SDK_DISABLED", "false")]).is_ok());
    assert!(resolve(TracingConfig::from_env(), &[("OTEL_SDK_DISABLED", "")]).is_ok());
}

#[test]
fn every_wrong_variable_is_named_with_its_value_and_a_remedy() {
    for (name, value, remedy) in [
        ("OTEL_SDK_DISABLED", "yes", "`true` or `false`"),
        ("OTEL_TRACES_EXPORTER", "zipkin", "`otlp`, `console` or `none`"),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "thrift", "`http/protobuf`, `http/json` or `grpc`"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "jaeger:4318", "http://"),
        ("OTEL_EXPORTER_OTLP_TIMEOUT", "10s", "milliseconds"),
        ("OTEL_EXPORTER_OTLP_TIMEOUT", "0", "milliseconds"),
        ("OTEL_EXPORTER_OTLP_COMPRESSION", "zstd", "`gzip` or `none`"),
        ("OTEL_RESOURCE_ATTRIBUTES", "team", "key=value"),
        ("OTEL_TRACES_SAMPLER", "jaeger_remote", "parentbased_traceidratio"),
        ("OTEL_BSP_MAX_QUEUE_SIZE", "-1", "at least 1"),
        ("OTEL_BSP_SCHEDULE_DELAY", "soon", "milliseconds"),
        ("TRACE_SAMPLE_RATE", "10", "from 0 to 1"),
        ("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "many", "whole number"),
        ("OTEL_PROPAGATORS", "tracecontext,b3", "`tracecontext`, `baggage`"),
        ("JAEGER_ENDPOINT", "http://jaeger:14268/api/traces", "4318"),
    ] {
        let error = resolve(TracingConfig::from_env(), &[(name, value)]).unwrap_err();
        assert_eq!(error.variable(), Some(name));
        let text = error.to_string();
        assert!(text.contains(value) && text.contains(remedy), "{text}");
    }
    let ratio = [("OTEL_TRACES_SAMPLER", "traceidratio"), ("OTEL_TRACES_SAMPLER_ARG", "2")];
    let error = resolve(TracingConfig::from_env(), &ratio).unwrap_err();
    assert_eq!(error.variable(), Some("OTEL_TRACES_SAMPLER_ARG"));
}

#[test]
fn a_wrong_header_is_named_without_its_value() {
    let error =
        resolve(TracingConfig::from_env(), &[("OTEL_EXPORTER_OTLP_HEADERS", "a=1,s3cret")]).unwrap_err();
    assert!(error.to_string().contains("pair 2") && !error.to_string().contains("s3cret"), "{error}");
    for name in ["a b", ""] {
        let error = resolve(TracingConfig::new("a").header(name, "s3cret"), &[]).unwrap_err();
        assert!(error.option_name() == Some("header") && !error.to_string().contains("s3cret"), "{error}");
    }
    assert!(resolve(TracingConfig::new("a").header("a", "line\nbreak"), &[]).is_err());
    assert!(!format!("{:?}", TracingConfig::new("a").header("a", "s3cret")).contains("s3cret"));
}

#[test]
fn every_wrong_option_is_named() {
    let option = |config: TracingConfig| resolve(config, &[]).unwrap_err().option_name().unwrap();
    let config = || TracingConfig::new("a");
    assert_eq!(option(TracingConfig::new("")), "service_name");
    assert_eq!(option(config().sample_rate(1.1)), "sample_rate");
    assert_eq!(option(config().sample_rate(f64::NAN)), "sample_rate");
    assert_eq!(option(config().queue_size(0)), "queue_size");
    assert_eq!(option(config().batch_size(0)), "batch_size");
    assert_eq!(option(config().delay(Duration::ZERO)), "delay");
    assert_eq!(option(config().request_timeout(Duration::ZERO)), "request_timeout");
    assert_eq!(option(config().export_timeout(Duration::ZERO)), "export_timeout");
    assert_eq!(option(config().endpoint("jaeger")), "endpoint");
    assert_eq!(option(config().traces_endpoint("jaeger")), "traces_endpoint");
}

#[test]
#[cfg(not(feature = "grpc"))]
fn grpc_names_the_feature_it_needs() {
    let error = resolve(TracingConfig::new("a").exporter(Exporter::Otlp(Protocol::Grpc)), &[]).unwrap_err();
    assert!(error.to_string().contains("`otlp-grpc`"), "{error}");
}
