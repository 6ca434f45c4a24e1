use ureq::http::{Uri, uri::Scheme};

use crate::{Protocol, SetupError, given::Given};

const PATH: &str = "/v1/traces";

/// The address of a collector, as it was given.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Endpoint {
    /// That of all signals, to which the path of traces is added: an option, or a row's variable.
    Base(Given<String>),
    /// The same by OpenTelemetry's rules, which add the path whatever is there.
    StrictBase(Given<String>),
    /// That of traces, which is taken as it is.
    Traces(Given<String>),
}

impl Endpoint {
    fn given(&self) -> &Given<String> {
        match self {
            Self::Base(given) | Self::StrictBase(given) | Self::Traces(given) => given,
        }
    }

    /// The address that requests go to.
    pub(crate) fn resolve(&self, protocol: Protocol) -> Result<String, SetupError> {
        let given = self.given();
        let example = match protocol {
            Protocol::Http | Protocol::HttpJson => "http://localhost:4318",
            Protocol::Grpc => "http://localhost:4317",
        };
        let uri: Uri =
            given.value.parse().map_err(|_| given.wrong(format!("write an address such as {example}")))?;
        let (Some(scheme), Some(authority)) = (uri.scheme(), uri.authority()) else {
            return Err(given.wrong(format!("write it with `http://` or `https://`, such as {example}")));
        };
        if *scheme != Scheme::HTTP && *scheme != Scheme::HTTPS {
            return Err(
                given.wrong(format!("`{scheme}` is not spoken here: write an address such as {example}"))
            );
        }
        if *scheme == Scheme::HTTPS && !cfg!(feature = "tls") {
            return Err(given.wrong("https needs the feature `otlp-tls` of the crate `mainstay`"));
        }
        if authority.as_str().contains('@') {
            return Err(given.wrong_secret(
                "a password does not go into the address: give it as a header, such as `authorization`",
            ));
        }
        if authority.port_u16() == Some(14268) || uri.path() == "/api/traces" {
            return Err(given.wrong("that is Jaeger's old Thrift API, which speaks no OTLP: Jaeger takes that on port 4318, or by gRPC on 4317"));
        }
        let path = uri.path().trim_end_matches('/');
        Ok(match (protocol, self) {
            // The path is that of the service.
            (Protocol::Grpc, _) => format!("{scheme}://{authority}"),
            (_, Self::Traces(_)) => uri.to_string(),
            (_, Self::Base(_)) if path.ends_with(PATH) => {
                format!("{scheme}://{authority}{path}")
            }
            _ => format!("{scheme}://{authority}{path}{PATH}"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(text: &str) -> Given<String> {
        Given::option("endpoint", text.to_owned())
    }

    #[test]
    fn the_path_of_traces_is_added_to_general_addresses_only() {
        let http = |endpoint: Endpoint| endpoint.resolve(Protocol::Http).unwrap();
        for (base, full) in [
            ("http://jaeger:4318", "http://jaeger:4318/v1/traces"),
            ("http://jaeger:4318/", "http://jaeger:4318/v1/traces"),
            ("http://proxy/otlp/", "http://proxy/otlp/v1/traces"),
        ] {
            assert_eq!(http(Endpoint::Base(given(base))), full);
            assert_eq!(http(Endpoint::StrictBase(given(base))), full);
        }
        let whole = "http://jaeger:4318/v1/traces";
        assert_eq!(http(Endpoint::Base(given(whole))), whole);
        assert_eq!(http(Endpoint::StrictBase(given(whole))), "http://jaeger:4318/v1/traces/v1/traces");
        assert_eq!(http(Endpoint::Traces(given("http://jaeger:4318"))), "http://jaeger:4318/");
        assert_eq!(http(Endpoint::Traces(given("http://proxy/spans?a=b"))), "http://proxy/spans?a=b");
    }

    #[test]
    fn over_grpc_there_is_no_path() {
        let endpoint = Endpoint::Base(given("http://jaeger:4317/some/path"));
        assert_eq!(endpoint.resolve(Protocol::Grpc).unwrap(), "http://jaeger:4317");
    }

    #[test]
    fn addresses_that_cannot_be_meant_are_refused_with_a_remedy() {
        for (text, remedy) in [
            ("jaeger:4318", "with `http://` or `https://`"),
            ("/v1/traces", "with `http://` or `https://`"),
            ("http://", "an address such as"),
            ("http://a b", "an address such as"),
            ("ftp://jaeger", "`ftp` is not spoken"),
            ("http://jaeger:14268/api/traces", "Thrift"),
            ("http://user:s3cret@jaeger:4318", "as a header"),
        ] {
            let error = Endpoint::Base(given(text)).resolve(Protocol::Http).unwrap_err().to_string();
            assert!(error.contains(remedy) && !error.contains("s3cret"), "{error}");
        }
    }

    #[test]
    #[cfg(not(feature = "tls"))]
    fn https_names_the_feature_it_needs() {
        let error = Endpoint::Base(given("https://jaeger")).resolve(Protocol::Http).unwrap_err();
        assert!(error.to_string().contains("`otlp-tls`"), "{error}");
    }
}
