//! What the environment says of tracing, by OpenTelemetry's names and those of the rows: decision 0045.

use super::{Attribute, Resource, Sampler, SpanLimits, TraceConfig, VariableError, Variables};
use crate::propagate::Propagators;

const ENVIRONMENT: &str = "deployment.environment.name";

impl TraceConfig {
    /// The same with what the environment says where the code says nothing, before or after this. An empty variable says nothing.
    ///
    /// | variable | sets |
    /// |---|---|
    /// | `OTEL_TRACES_SAMPLER`, `OTEL_TRACES_SAMPLER_ARG`, else `TRACE_SAMPLE_RATE` | the [sampler](Sampler::from_variables); a tenth in production, else all |
    /// | `OTEL_BSP_MAX_QUEUE_SIZE`, `OTEL_BSP_MAX_EXPORT_BATCH_SIZE` | the sizes of queue and batch |
    /// | `OTEL_BSP_SCHEDULE_DELAY` | the delay, in milliseconds |
    /// | `OTEL_SERVICE_NAME`, `ENVIRONMENT`, `OTEL_RESOURCE_ATTRIBUTES` | the [resource](Resource::from_variables) |
    /// | `OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT` and others | the [limits](SpanLimits::from_variables) |
    /// | `OTEL_PROPAGATORS` | the [headers](Propagators::from_variables) |
    ///
    /// # Errors
    /// A variable has a value that it cannot have.
    pub fn from_env(self) -> Result<Self, VariableError> {
        self.from_variables(&Variables::of_process())
    }

    /// The same with variables from wherever.
    ///
    /// # Errors
    /// A variable has a value that it cannot have.
    pub fn from_variables(mut self, variables: &Variables<'_>) -> Result<Self, VariableError> {
        self.resource = std::mem::take(&mut self.resource).from_variables(variables)?;
        if self.sampler.is_none() {
            self.sampler = Some(Sampler::from_variables(variables, self.resource.environment().as_deref())?);
        }
        if self.queue.is_none() {
            self.queue = variables.count(&["OTEL_BSP_MAX_QUEUE_SIZE"], 1)?.map(|given| given.value);
        }
        if self.batch.is_none() {
            self.batch = variables.count(&["OTEL_BSP_MAX_EXPORT_BATCH_SIZE"], 1)?.map(|given| given.value);
        }
        if self.delay.is_none() {
            self.delay = variables.millis(&["OTEL_BSP_SCHEDULE_DELAY"])?.map(|given| given.value);
        }
        if self.limits.is_none() {
            self.limits = Some(SpanLimits::from_variables(variables)?);
        }
        if self.propagators.is_none() {
            self.propagators = Propagators::from_variables(variables)?;
        }
        Ok(self)
    }
}

impl Resource {
    /// The same with what `OTEL_SERVICE_NAME`, then `OTEL_RESOURCE_ATTRIBUTES`, then `ENVIRONMENT` say of attributes that it has
    /// not.
    ///
    /// # Errors
    /// `OTEL_RESOURCE_ATTRIBUTES` is no list of `key=value`.
    pub fn from_variables(self, variables: &Variables<'_>) -> Result<Self, VariableError> {
        let mut said = Self::default();
        if let Some(given) = variables.first(&["ENVIRONMENT"])? {
            said = said.with(Attribute::new(ENVIRONMENT, given.value));
        }
        if let Some(given) = variables.first(&["OTEL_RESOURCE_ATTRIBUTES"])? {
            let members = given.value.split(',').map(str::trim).enumerate();
            for (at, member) in members.filter(|(_, member)| !member.is_empty()) {
                let Some((key, value)) = pair(member) else {
                    let at = at + 1;
                    return Err(given.wrong(format!(
                        "pair {at} is none: write `key=value,key2=value2`, with `%2C` for a comma in a value"
                    )));
                };
                // Its name until version 1.27 of the semantic conventions.
                let key = if key == "deployment.environment" { ENVIRONMENT.to_owned() } else { key };
                said = said.with(Attribute::new(key, value));
            }
        }
        if let Some(given) = variables.first(&["OTEL_SERVICE_NAME"])? {
            said = said.with(Attribute::new("service.name", given.value));
        }
        Ok(self.attributes.into_iter().fold(said, Self::with))
    }

    /// Where it runs, such as `production`, if that is known.
    pub fn environment(&self) -> Option<String> {
        let found = self.attributes.iter().find(|attribute| attribute.key == ENVIRONMENT);
        found.map(|attribute| attribute.value.to_string())
    }
}

fn pair(member: &str) -> Option<(String, String)> {
    let (key, value) = member.split_once('=')?;
    let decoded = |text: &str| Some(crate::propagate::decode(text.trim())?.into_owned());
    let key = decoded(key)?;
    (!key.is_empty()).then_some((key, decoded(value)?))
}

const SHARE: &str = "write a share of all traces from 0 to 1, such as 0.1";

impl Sampler {
    /// What `OTEL_TRACES_SAMPLER` with `OTEL_TRACES_SAMPLER_ARG` says, else `TRACE_SAMPLE_RATE`, which asks parents first. Where
    /// neither is set, a tenth of the traces in an `environment` that is `production` or `prod`, and all elsewhere.
    ///
    /// # Errors
    /// There is no sampler of that name, or the share is none.
    pub fn from_variables(
        variables: &Variables<'_>,
        environment: Option<&str>,
    ) -> Result<Self, VariableError> {
        if let Some(name) = variables.first(&["OTEL_TRACES_SAMPLER"])? {
            // Whether its name is known is asked first, or a wrong argument would be blamed on it.
            if Self::named(&name.value, None).is_none() {
                let known = "always_on, always_off, traceidratio, parentbased_always_on, parentbased_always_off, \
                             parentbased_traceidratio";
                return Err(name.wrong(format!("write one of {known}")));
            }
            let argument = match name.value.ends_with("traceidratio") {
                true => variables.first(&["OTEL_TRACES_SAMPLER_ARG"])?,
                false => None,
            };
            return match argument {
                Some(argument) => argument
                    .parse(|text| Self::named(&name.value, Some(text)), SHARE)
                    .map(|given| given.value),
                None => name.parse(|text| Self::named(text, None), SHARE).map(|given| given.value),
            };
        }
        let is_share = |share: &f64| (0.0..=1.0).contains(share);
        let parse = |text: &str| text.parse().ok().filter(is_share);
        let share = match variables.parsed(&["TRACE_SAMPLE_RATE"], parse, SHARE)? {
            Some(given) => given.value,
            None if environment.is_some_and(is_production) => 0.1,
            None => 1.0,
        };
        Ok(Self::ratio(share).parent_based())
    }
}

fn is_production(environment: &str) -> bool {
    ["production", "prod"].iter().any(|name| environment.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::trace::{ExportError, SpanData, SpanExporter};

    struct Nowhere;

    impl SpanExporter for Nowhere {
        fn export(&mut self, _: &mut Vec<SpanData>) -> Result<(), ExportError> {
            Ok(())
        }
    }

    fn read(config: TraceConfig, variables: &[(&str, &str)]) -> Result<TraceConfig, VariableError> {
        config.from_variables(&Variables::of(variables.iter().copied()))
    }

    fn new() -> TraceConfig {
        TraceConfig::new(Nowhere)
    }

    fn attributes(config: &TraceConfig) -> Vec<String> {
        let all = config.resource.attributes.iter();
        all.map(|one| format!("{}={}", one.key, one.value)).collect()
    }

    #[test]
    fn the_environment_says_what_the_code_does_not() {
        let config = read(
            new(),
            &[
                ("TRACE_SAMPLE_RATE", "0.1"),
                ("OTEL_BSP_SCHEDULE_DELAY", "250"),
                ("OTEL_BSP_MAX_QUEUE_SIZE", " 100 "),
                ("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", ""),
                ("OTEL_SERVICE_NAME", "theirs"),
                ("OTEL_RESOURCE_ATTRIBUTES", "service.name=listed,host.name=a%20b"),
                ("ENVIRONMENT", "staging"),
                ("OTEL_SPAN_EVENT_COUNT_LIMIT", "5"),
                ("OTEL_PROPAGATORS", "tracecontext"),
            ],
        );
        let config = config.unwrap();
        assert_eq!(config.in_force(), Sampler::ratio(0.1).parent_based());
        assert_eq!((config.queue(), config.batch(), config.wait()), (100, 512, Duration::from_millis(250)));
        assert_eq!(config.limits, Some(SpanLimits::new().events(5)));
        assert_eq!(config.propagators, Some(Propagators::none().trace_context(true)));
        assert_eq!(
            attributes(&config),
            ["deployment.environment.name=staging", "host.name=a b", "service.name=theirs"]
        );
    }

    #[test]
    fn what_the_code_says_goes_first_wherever_it_stands() {
        let config = new().sampler(Sampler::always_off()).batch_size(7).resource(Resource::service("mine"));
        let config = config.delay(Duration::from_secs(1)).limits(SpanLimits::new());
        let variables = [
            ("OTEL_TRACES_SAMPLER", "always_on"),
            ("OTEL_BSP_SCHEDULE_DELAY", "250"),
            ("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "9"),
            ("OTEL_BSP_MAX_QUEUE_SIZE", "100"),
            ("OTEL_SERVICE_NAME", "theirs"),
            ("OTEL_SPAN_EVENT_COUNT_LIMIT", "5"),
        ];
        let config = read(config, &variables).unwrap().queue_size(11);
        assert_eq!((config.queue(), config.batch(), config.wait()), (11, 7, Duration::from_secs(1)));
        assert_eq!((config.in_force(), config.limits), (Sampler::always_off(), Some(SpanLimits::new())));
        assert_eq!(attributes(&config), ["service.name=mine"]);
    }

    #[test]
    fn opentelemetrys_sampler_goes_before_the_rate_of_the_rows_and_that_before_the_one_of_production() {
        let sampler = |variables: &[_]| read(new(), variables).unwrap().in_force();
        let (otel, rows) = (("OTEL_TRACES_SAMPLER", "always_off"), ("TRACE_SAMPLE_RATE", "0.3"));
        let production = ("ENVIRONMENT", "Production");
        assert_eq!(sampler(&[otel, rows, production]), Sampler::always_off());
        assert_eq!(sampler(&[rows, production]), Sampler::ratio(0.3).parent_based());
        assert_eq!(sampler(&[production]), Sampler::ratio(0.1).parent_based());
        assert_eq!(sampler(&[]), Sampler::default());
    }

    #[test]
    fn a_value_that_cannot_be_is_told_with_what_could() {
        for (name, value) in [
            ("TRACE_SAMPLE_RATE", "10"),
            ("TRACE_SAMPLE_RATE", "often"),
            ("OTEL_TRACES_SAMPLER", "sometimes"),
            ("OTEL_BSP_SCHEDULE_DELAY", "0"),
            ("OTEL_BSP_MAX_QUEUE_SIZE", "-1"),
            ("OTEL_RESOURCE_ATTRIBUTES", "host"),
            ("OTEL_RESOURCE_ATTRIBUTES", "=a"),
            ("OTEL_PROPAGATORS", "b3"),
            ("OTEL_SPAN_EVENT_COUNT_LIMIT", "many"),
        ] {
            let error = read(new(), &[(name, value)]).unwrap_err();
            assert_eq!((error.variable(), error.value()), (name, Some(value)));
            assert!(error.to_string().contains("write"), "{error}");
        }
    }
}
