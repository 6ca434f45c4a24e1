use std::sync::Arc;

use rustls::crypto::ring;
use ureq::tls::{Certificate, ClientCert, PemItem, PrivateKey, RootCerts, TlsConfig, TlsProvider, parse_pem};

use crate::settings::Tls;

/// The certificates of a text in PEM.
pub(crate) fn certificates(pem: &[u8]) -> Vec<Certificate<'static>> {
    let items = parse_pem(pem).filter_map(Result::ok);
    items.filter_map(|item| if let PemItem::Certificate(one) = item { Some(one) } else { None }).collect()
}

/// The first private key of a text in PEM.
pub(crate) fn key(pem: &[u8]) -> Option<PrivateKey<'static>> {
    PrivateKey::from_pem(pem).ok()
}

pub(super) fn for_http(tls: &Tls) -> TlsConfig {
    let roots = match &tls.root {
        Some(pem) => certificates(pem),
        None => system().iter().map(|one| Certificate::from_der(one).to_owned()).collect(),
    };
    let identity = tls.identity.as_ref();
    let identity =
        identity.and_then(|(chain, pem)| Some(ClientCert::new_with_certs(&certificates(chain), key(pem)?)));
    TlsConfig::builder()
        .provider(TlsProvider::Rustls)
        // rustls must be told which cryptography to use where a program compiles in several.
        .unversioned_rustls_crypto_provider(Arc::new(ring::default_provider()))
        .root_certs(RootCerts::from(roots))
        .client_cert(identity)
        .build()
}

#[cfg(feature = "grpc")]
pub(super) fn for_grpc(tls: &Tls) -> tonic::transport::ClientTlsConfig {
    use tonic::transport::{Certificate, ClientTlsConfig, Identity};

    // It takes what a program has chosen, and otherwise ring.
    let config = match &tls.root {
        Some(pem) => ClientTlsConfig::new().ca_certificate(Certificate::from_pem(pem)),
        None => ClientTlsConfig::new().with_native_roots(),
    };
    match &tls.identity {
        Some((chain, key)) => config.identity(Identity::from_pem(chain, key)),
        None => config,
    }
}

fn system() -> Vec<Vec<u8>> {
    let found = rustls_native_certs::load_native_certs();
    for error in &found.errors {
        tracing::debug!(target: "mainstay", %error, "a certificate of the system cannot be read");
    }
    found.certs.iter().map(|one| one.to_vec()).collect()
}
