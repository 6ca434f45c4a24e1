use mainstay_runtime::ConfigError;
use redis::{Client, ConnectionAddr, ConnectionInfo, TlsCertificates};
use rustls::crypto::ring;

use crate::address::URL;

const BEGIN: &[u8] = b"-----BEGIN CERTIFICATE-----";

/// A client that trusts `root`, in PEM, or whom the system trusts.
pub(crate) fn open(info: ConnectionInfo, root: Option<&[u8]>) -> Result<Client, ConfigError> {
    // rustls must be told where a program compiles in several. Who was here before us has told it.
    let _ = ring::default_provider().install_default();
    let Some(root) = root else { return Client::open(info).map_err(|_| URL) };
    if !matches!(info.addr(), ConnectionAddr::TcpTls { .. }) {
        let problem = "the url is not encrypted; write \"rediss://\", or leave this off";
        return Err(ConfigError::new("tls_root", problem));
    }
    let certificates = TlsCertificates { client_tls: None, root_cert: Some(root.to_owned()) };
    // The client takes a text without certificates for a list of none.
    let some = root.windows(BEGIN.len()).any(|text| text == BEGIN);
    match Client::build_with_tls(info, certificates) {
        Ok(client) if some => Ok(client),
        _ => Err(ConfigError::new(
            "tls_root",
            "it holds no certificate; give one in PEM, as `openssl x509` writes it",
        )),
    }
}
