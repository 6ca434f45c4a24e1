use std::env::consts;

use mainstay_runtime::trace::{Attribute, AttributeValue, Resource};

use crate::{SetupError, TracingConfig, environment::Environment};

/// Who sends the spans, and where it runs: what is found out by itself, below what the environment says, below what the code
/// says.
pub(crate) fn find(config: &TracingConfig, variables: &Environment) -> Result<Resource, SetupError> {
    let said = said(config)?.from_variables(&variables.0)?;
    Ok(said.attributes.into_iter().fold(found(), Resource::with))
}

fn found() -> Resource {
    let program = program();
    let all: [(&'static str, AttributeValue); 10] = [
        ("service.name", format!("unknown_service:{program}").into()),
        ("service.instance.id", instance().into()),
        ("telemetry.sdk.name", "mainstay".into()),
        ("telemetry.sdk.language", "rust".into()),
        ("telemetry.sdk.version", env!("CARGO_PKG_VERSION").into()),
        ("process.pid", std::process::id().into()),
        ("process.executable.name", program.into()),
        ("host.name", gethostname::gethostname().to_string_lossy().into_owned().into()),
        ("host.arch", arch().into()),
        ("os.type", os().into()),
    ];
    all.into_iter()
        .fold(Resource::default(), |resource, (key, value)| resource.with(Attribute::new(key, value)))
}

fn said(config: &TracingConfig) -> Result<Resource, SetupError> {
    if let Some(name) = config.service_name.as_ref().filter(|name| name.trim().is_empty()) {
        let remedy = "write the name of the service, such as `orders`";
        return Err(SetupError::option("service_name", Some(name.clone()), remedy));
    }
    let named = [
        ("service.name", &config.service_name),
        ("service.version", &config.service_version),
        ("deployment.environment.name", &config.environment),
    ];
    let named = named.into_iter().filter_map(|(key, value)| Some(Attribute::new(key, value.clone()?)));
    Ok(named.chain(config.attributes.iter().cloned()).fold(Resource::default(), Resource::with))
}

fn program() -> String {
    let path = std::env::current_exe().ok();
    let name =
        path.as_deref().and_then(std::path::Path::file_name).map(|name| name.to_string_lossy().into_owned());
    name.unwrap_or_else(|| "rust".to_owned())
}

/// A random UUID, as the semantic conventions want it: new for each start of the service.
fn instance() -> String {
    let random = fastrand::u128(..);
    let version_4 = random & !(0xf << 76) & !(0b11 << 62) | (0x4 << 76) | (0b10 << 62);
    let digits = format!("{version_4:032x}");
    let [a, b, c, d, e] = [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]];
    format!("{a}-{b}-{c}-{d}-{e}")
}

/// The name that the semantic conventions have for it.
fn arch() -> &'static str {
    match consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        "arm" => "arm32",
        "powerpc" => "ppc32",
        "powerpc64" => "ppc64",
        other => other,
    }
}

fn os() -> &'static str {
    match consts::OS {
        "macos" => "darwin",
        "dragonfly" => "dragonflybsd",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(config: &TracingConfig, variables: &[(&'static str, &'static str)]) -> Resource {
        find(config, &Environment::of(variables)).unwrap()
    }

    fn said(resource: &Resource, key: &str) -> Option<String> {
        let mut of_key = resource.attributes.iter().filter(|attribute| attribute.key == key);
        let value = of_key.next().map(|attribute| attribute.value.to_string());
        assert!(of_key.next().is_none(), "{key} stands twice");
        value
    }

    #[test]
    fn the_code_wins_over_the_environment_and_that_over_what_is_found() {
        let all = [
            ("OTEL_SERVICE_NAME", "by-variable"),
            ("OTEL_RESOURCE_ATTRIBUTES", "service.name=by-list,service.version=1.2,team=a%2Cb,host.name=h"),
        ];
        let name = |config: &TracingConfig, variables: &[_]| said(&found(config, variables), "service.name");
        assert_eq!(name(&TracingConfig::new("by-code"), &all).unwrap(), "by-code");
        assert_eq!(name(&TracingConfig::from_env(), &all).unwrap(), "by-variable");
        assert_eq!(name(&TracingConfig::from_env(), &all[1..]).unwrap(), "by-list");
        assert!(name(&TracingConfig::from_env(), &[]).unwrap().starts_with("unknown_service:mainstay_otlp-"));
        let resource = found(&TracingConfig::from_env().attribute("team", "c"), &all);
        assert_eq!(said(&resource, "team").unwrap(), "c");
        assert_eq!(said(&resource, "host.name").unwrap(), "h");
        assert_eq!(said(&resource, "service.version").unwrap(), "1.2");
    }

    #[test]
    fn the_place_of_deployment_is_found_under_each_of_its_names() {
        let place = |variables: &[_]| {
            find(&TracingConfig::from_env(), &Environment::of(variables)).unwrap().environment()
        };
        assert_eq!(place(&[]), None);
        assert_eq!(place(&[("ENVIRONMENT", "staging")]).unwrap(), "staging");
        let list = ("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment=production");
        assert_eq!(place(&[("ENVIRONMENT", "staging"), list]).unwrap(), "production");
    }

    #[test]
    fn an_instance_has_a_uuid_of_its_own() {
        let (one, other) = (instance(), instance());
        assert_ne!(one, other);
        let parts: Vec<_> = one.split('-').map(str::len).collect();
        assert_eq!(parts, [8, 4, 4, 4, 12]);
        assert_eq!(&one[14..15], "4");
        assert!("89ab".contains(&one[19..20]));
    }

    #[test]
    fn pairs_that_are_none_are_named() {
        let variables = Environment::of(&[("OTEL_RESOURCE_ATTRIBUTES", "a=b,team")]);
        let error = find(&TracingConfig::new("a"), &variables).err().unwrap();
        assert_eq!(error.variable(), Some("OTEL_RESOURCE_ATTRIBUTES"));
        assert!(error.to_string().contains("pair 2"), "{error}");
        assert!(find(&TracingConfig::new(" "), &Environment::empty()).is_err());
    }
}
