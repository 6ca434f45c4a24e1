//! Certificates and keys: from the code, or from files that the environment names.

use crate::{SetupError, TracingConfig, environment::Environment, given::Given, settings::Tls};

pub(crate) fn find(config: &TracingConfig, variables: &Environment) -> Result<Tls, SetupError> {
    let root = match &config.tls_root {
        Some(pem) => Some(Given::option("tls_root", pem.clone())),
        None => file(variables, ["OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE", "OTEL_EXPORTER_OTLP_CERTIFICATE"])?,
    };
    let (chain, key) = match &config.tls_identity {
        Some((chain, key)) => (
            Some(Given::option("tls_identity", chain.clone())),
            Some(Given::option("tls_identity", key.clone())),
        ),
        None => (
            file(
                variables,
                ["OTEL_EXPORTER_OTLP_TRACES_CLIENT_CERTIFICATE", "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE"],
            )?,
            file(variables, ["OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY", "OTEL_EXPORTER_OTLP_CLIENT_KEY"])?,
        ),
    };
    let root = root.map(holds_certificates).transpose()?;
    let identity = match (chain, key) {
        (Some(chain), Some(key)) => Some((holds_certificates(chain)?, holds_key(key)?)),
        (None, None) => None,
        (Some(one), None) => {
            return Err(missing(
                &one,
                "a certificate proves nothing without its key: set `OTEL_EXPORTER_OTLP_CLIENT_KEY` too",
            ));
        }
        (None, Some(one)) => {
            return Err(missing(
                &one,
                "a key has a certificate: set `OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE` too",
            ));
        }
    };
    Ok(Tls { root, identity })
}

fn file(variables: &Environment, names: [&'static str; 2]) -> Result<Option<Given<Vec<u8>>>, SetupError> {
    let Some(given) = variables.first(&names)? else { return Ok(None) };
    match std::fs::read(&given.value) {
        Ok(pem) => Ok(Some(given.map(|_| pem))),
        Err(error) => {
            Err(given.wrong(format!("the file cannot be read ({error}): write the path of one in PEM")))
        }
    }
}

fn missing(one: &Given<Vec<u8>>, remedy: &str) -> SetupError {
    SetupError::new(one.place, None, remedy)
}

#[cfg(feature = "tls")]
fn holds_certificates(pem: Given<Vec<u8>>) -> Result<Vec<u8>, SetupError> {
    if crate::transport::tls_certificates(&pem.value).is_empty() {
        return Err(missing(&pem, "it holds no certificate: give one in PEM, as `openssl x509` writes it"));
    }
    Ok(pem.value)
}

#[cfg(feature = "tls")]
fn holds_key(pem: Given<Vec<u8>>) -> Result<Vec<u8>, SetupError> {
    if crate::transport::tls_key(&pem.value).is_none() {
        return Err(missing(&pem, "it holds no key: give one in PEM, as `openssl pkey` writes it"));
    }
    Ok(pem.value)
}

// Without the feature no address is encrypted, and nobody comes here.
#[cfg(not(feature = "tls"))]
fn holds_certificates(pem: Given<Vec<u8>>) -> Result<Vec<u8>, SetupError> {
    Ok(pem.value)
}

#[cfg(not(feature = "tls"))]
fn holds_key(pem: Given<Vec<u8>>) -> Result<Vec<u8>, SetupError> {
    Ok(pem.value)
}

#[cfg(all(test, feature = "tls"))]
mod tests {
    use super::*;

    const CERTIFICATE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/tls/server.pem");
    const KEY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/tls/server.key");

    fn files(variables: &[(&'static str, &'static str)]) -> Result<Tls, SetupError> {
        find(&TracingConfig::new("a"), &Environment::of(variables))
    }

    #[test]
    fn files_are_read_and_those_for_traces_first() {
        let (all, traces) = ("OTEL_EXPORTER_OTLP_CERTIFICATE", "OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE");
        assert!(files(&[]).is_ok_and(|tls| tls.root.is_none() && tls.identity.is_none()));
        assert!(files(&[(all, "/nowhere"), (traces, CERTIFICATE)]).is_ok_and(|tls| tls.root.is_some()));
        let (chain, key) = ("OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE", "OTEL_EXPORTER_OTLP_CLIENT_KEY");
        assert!(files(&[(chain, CERTIFICATE), (key, KEY)]).is_ok_and(|tls| tls.identity.is_some()));
    }

    #[test]
    fn files_that_hold_something_else_are_named() {
        for (variables, remedy) in [
            (&[("OTEL_EXPORTER_OTLP_CERTIFICATE", "/nowhere")][..], "cannot be read"),
            (&[("OTEL_EXPORTER_OTLP_CERTIFICATE", KEY)], "holds no certificate"),
            (&[("OTEL_EXPORTER_OTLP_CLIENT_KEY", KEY)], "`OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE` too"),
            (
                &[("OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE", CERTIFICATE)],
                "`OTEL_EXPORTER_OTLP_CLIENT_KEY` too",
            ),
        ] {
            let error = files(variables).err().unwrap();
            assert_eq!(error.variable(), Some(variables[0].0));
            assert!(error.to_string().contains(remedy), "{error}");
        }
    }
}
