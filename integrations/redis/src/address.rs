use mainstay_runtime::ConfigError;
use redis::{Client, ConnectionInfo, IntoConnectionInfo, ProtocolVersion, io::tcp::TcpSettings};

#[cfg(feature = "tls")]
use crate::tls::open;

pub(crate) const URL: ConfigError = ConfigError::new(
    "url",
    "write the server's address, such as \"redis://user:password@host:6379/0\" or \"unix:///run/redis.sock\"; in user and password, other signs than letters and digits are written as in \"%40\"",
);

/// Where the server is, without saying how to get in.
pub(crate) struct Address {
    pub(crate) client: Client,
    /// As errors name it: `redis at 127.0.0.1:6379`.
    pub(crate) place: String,
}

impl Address {
    /// `root`: in PEM, whom to trust instead of whom the system trusts.
    pub(crate) fn parse(url: &str, root: Option<&[u8]>) -> Result<Self, ConfigError> {
        // The parser's own errors may show the url, which holds the password.
        let info = url.into_connection_info().map_err(|_| unreadable(url))?;
        let place = format!("redis at {}", info.addr());
        let client = open(settled(info), root)?;
        Ok(Self { client, place })
    }
}

fn unreadable(url: &str) -> ConfigError {
    if url.starts_with("rediss:") && !cfg!(feature = "tls") {
        return ConfigError::new(
            "url",
            "\"rediss://\" needs the feature `redis-tls` of `mainstay`: add it, or write \"redis://\"",
        );
    }
    URL
}

/// Without TLS there is nobody to trust.
#[cfg(not(feature = "tls"))]
fn open(info: ConnectionInfo, _: Option<&[u8]>) -> Result<Client, ConfigError> {
    Client::open(info).map_err(|_| URL)
}

fn settled(info: ConnectionInfo) -> ConnectionInfo {
    // With RESP3 the client hears of a lost connection when it is lost, not when it is next used.
    let settings = info.redis_settings().clone().set_protocol(ProtocolVersion::RESP3);
    info.set_redis_settings(settings).set_tcp_settings(TcpSettings::default().set_nodelay(true))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(url: &str) -> String {
        Address::parse(url, None).err().map(|error| error.to_string()).unwrap_or_default()
    }

    #[test]
    fn an_address_is_named_without_its_secrets() {
        let address = Address::parse("redis://ann:s3cret@cache.example:6380/2", None).unwrap();
        assert_eq!(address.place, "redis at cache.example:6380");
        assert_eq!(
            Address::parse("redis://cache.example", None).unwrap().place,
            "redis at cache.example:6379"
        );
        assert_eq!(Address::parse("unix:///run/redis.sock", None).unwrap().place, "redis at /run/redis.sock");
    }

    #[test]
    fn a_bad_url_is_told_with_its_form_and_without_its_secrets() {
        for url in
            ["", "localhost:6379", "http://:s3cret@host", "redis://:s3cret@host:notaport", "redis://:s3cret@"]
        {
            let problem = problem(url);
            assert!(problem.starts_with("`url`: write the server's address"), "{url}: {problem}");
            assert!(!problem.contains("s3cret"), "{problem}");
        }
        let encrypted = problem("rediss://host");
        assert_eq!(encrypted.contains("the feature `redis-tls`"), cfg!(not(feature = "tls")), "{encrypted}");
    }
}
