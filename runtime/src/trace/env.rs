//! What the environment says of tracing, by OpenTelemetry's names and those of the rows.

use std::time::Duration;

use super::{Attribute, Resource, Sampler, TraceConfig};
use crate::ConfigError;

impl TraceConfig {
    /// The same with what the environment says, which goes before what was set here. An empty variable says nothing.
    ///
    /// | variable | sets |
    /// |---|---|
    /// | `OTEL_TRACES_SAMPLER`, `OTEL_TRACES_SAMPLER_ARG` | the sampler, as in [`Sampler::named`] |
    /// | `TRACE_SAMPLE_RATE` | the ratio of a sampler that asks parents first, where the first is not set |
    /// | `OTEL_BSP_MAX_QUEUE_SIZE`, `OTEL_BSP_MAX_EXPORT_BATCH_SIZE` | the sizes of queue and batch |
    /// | `OTEL_BSP_SCHEDULE_DELAY` | the delay, in milliseconds |
    /// | `OTEL_SERVICE_NAME` | `service.name` |
    /// | `ENVIRONMENT` | `deployment.environment.name` |
    /// | `OTEL_RESOURCE_ATTRIBUTES` | attributes of the resource, `key=value,key=value` |
    ///
    /// # Errors
    ///
    /// A variable has a value that it cannot have.
    pub fn from_env(self) -> Result<Self, ConfigError> {
        self.from_variables(|name| std::env::var(name).ok())
    }

    /// The same with variables from wherever.
    ///
    /// # Errors
    ///
    /// A variable has a value that it cannot have.
    pub fn from_variables(mut self, variable: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let given = |name: &str| {
            variable(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
        };
        let number = |name: &'static str| match given(name).map(|value| value.parse::<u32>()) {
            None => Ok(None),
            Some(Ok(number)) if number > 0 => Ok(Some(number)),
            Some(_) => Err(ConfigError::new(name, "set it to a whole number above 0, or leave it out")),
        };
        if let Some(sampler) = sampler(&given)? {
            self = self.sampler(sampler);
        }
        if let Some(spans) = number("OTEL_BSP_MAX_QUEUE_SIZE")? {
            self = self.queue_size(spans as usize);
        }
        if let Some(spans) = number("OTEL_BSP_MAX_EXPORT_BATCH_SIZE")? {
            self = self.batch_size(spans as usize);
        }
        if let Some(millis) = number("OTEL_BSP_SCHEDULE_DELAY")? {
            self = self.delay(Duration::from_millis(millis.into()));
        }
        let resource = std::mem::take(&mut self.resource);
        self.resource = resource.from_variables(variable)?;
        Ok(self)
    }
}

impl Resource {
    /// The same with what `OTEL_SERVICE_NAME`, `ENVIRONMENT` and `OTEL_RESOURCE_ATTRIBUTES` say.
    ///
    /// # Errors
    ///
    /// `OTEL_RESOURCE_ATTRIBUTES` is no list of `key=value`.
    pub fn from_variables(mut self, variable: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let given = |name: &str| variable(name).filter(|value| !value.trim().is_empty());
        let name = "OTEL_RESOURCE_ATTRIBUTES";
        for pair in
            given(name).iter().flat_map(|pairs| pairs.split(',')).filter(|pair| !pair.trim().is_empty())
        {
            let pair = pair
                .split_once('=')
                .and_then(|(key, value)| Some((key.trim(), super::decoded(value.trim())?)));
            match pair {
                Some((key, value)) if !key.is_empty() => {
                    self = self.with(Attribute::new(key.to_owned(), value))
                }
                _ => {
                    let problem =
                        "set it to pairs `key=value` between commas, other characters with percent signs";
                    return Err(ConfigError::new(name, problem));
                }
            }
        }
        // These two go before the list.
        for (name, key) in
            [("OTEL_SERVICE_NAME", "service.name"), ("ENVIRONMENT", "deployment.environment.name")]
        {
            if let Some(value) = given(name) {
                self = self.with(Attribute::new(key, value.trim().to_owned()));
            }
        }
        Ok(self)
    }
}

fn sampler(given: &impl Fn(&str) -> Option<String>) -> Result<Option<Sampler>, ConfigError> {
    if let Some(name) = given("OTEL_TRACES_SAMPLER") {
        let argument = given("OTEL_TRACES_SAMPLER_ARG");
        let Some(sampler) = Sampler::named(&name, argument.as_deref()) else {
            let problem = "set it to `always_on`, `always_off` or `traceidratio`, with or without `parentbased_` before it, \
                           and `OTEL_TRACES_SAMPLER_ARG` to a number from 0 to 1";
            return Err(ConfigError::new("OTEL_TRACES_SAMPLER", problem));
        };
        return Ok(Some(sampler));
    }
    let name = "TRACE_SAMPLE_RATE";
    let Some(value) = given(name) else { return Ok(None) };
    match value.parse::<f64>() {
        Ok(ratio) if (0.0..=1.0).contains(&ratio) => Ok(Some(Sampler::ratio(ratio).parent_based())),
        _ => Err(ConfigError::new(name, "set it to a number from 0 to 1, or leave it out")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::{ExportError, SpanData, SpanExporter};

    struct Nowhere;

    impl SpanExporter for Nowhere {
        fn export(&mut self, _: &mut Vec<SpanData>) -> Result<(), ExportError> {
            Ok(())
        }
    }

    fn config(variables: &[(&str, &str)]) -> Result<TraceConfig, ConfigError> {
        let find = |name: &str| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        };
        TraceConfig::new(Nowhere).batch_size(7).resource(Resource::service("mine")).from_variables(find)
    }

    #[test]
    fn what_the_environment_says_goes_first_and_what_it_does_not_say_stays() {
        let config = config(&[
            ("TRACE_SAMPLE_RATE", "0.1"),
            ("OTEL_BSP_SCHEDULE_DELAY", "250"),
            ("OTEL_BSP_MAX_QUEUE_SIZE", " 100 "),
            ("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", ""),
            ("OTEL_SERVICE_NAME", "theirs"),
            ("OTEL_RESOURCE_ATTRIBUTES", "service.name=listed,host.name=a%20b"),
            ("ENVIRONMENT", "production"),
        ]);
        let config = config.unwrap();
        assert_eq!(
            (config.sampler, config.queue, config.batch),
            (Sampler::ratio(0.1).parent_based(), 100, 7)
        );
        assert_eq!(config.delay, Duration::from_millis(250));
        let attributes: Vec<_> =
            config.resource.attributes.iter().map(|one| format!("{}={}", one.key, one.value)).collect();
        assert_eq!(
            attributes,
            ["host.name=a b", "service.name=theirs", "deployment.environment.name=production"]
        );
    }

    #[test]
    fn opentelemetrys_sampler_goes_before_the_rate_of_the_rows() {
        let config = config(&[("OTEL_TRACES_SAMPLER", "always_off"), ("TRACE_SAMPLE_RATE", "0.1")]);
        assert_eq!(config.unwrap().sampler, Sampler::always_off());
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
        ] {
            let error = config(&[(name, value)]).unwrap_err().to_string();
            assert!(error.contains(name) && error.contains("set it to"), "{error}");
        }
    }
}
