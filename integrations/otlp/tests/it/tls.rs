//! Collectors behind TLS. A proxy in front of a plain collector speaks it, as many do.

use std::{net::SocketAddr, sync::Arc};

use mainstay_otlp::setup_tracing;
use rustls::{
    RootCertStore, ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
    server::WebPkiClientVerifier,
};
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    runtime::Runtime,
};
use tokio_rustls::TlsAcceptor;

use crate::{
    collector::{Collector, Speaks},
    support::{LONG, WAYS, alone, config, counted, set_up, spans},
};

// Made by `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 36500 -subj "/CN=mainstay test"
// -addext "subjectAltName=IP:127.0.0.1" -addext "basicConstraints=critical,CA:FALSE"`. The key opens nothing but these tests.
const CERTIFICATE: &str = include_str!("tls/server.pem");
const KEY: &str = include_str!("tls/server.key");
/// Of another key.
const STRANGER: &str = include_str!("tls/stranger.pem");

/// Speaks TLS to its clients and passes on what they say.
struct Proxy {
    address: SocketAddr,
    runtime: Option<Runtime>,
}

impl Proxy {
    fn new(collector: &Collector, asks_for_certificates: bool) -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        let acceptor = acceptor(collector.speaks(), asks_for_certificates);
        let to = collector.url().trim_start_matches("http://").to_owned();
        runtime.spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (acceptor, to) = (acceptor.clone(), to.clone());
                tokio::spawn(async move {
                    let mut client = acceptor.accept(client).await?;
                    let mut server = TcpStream::connect(to).await?;
                    copy_bidirectional(&mut client, &mut server).await
                });
            }
        });
        Self { address, runtime: Some(runtime) }
    }

    fn url(&self) -> String {
        format!("https://{}", self.address)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

fn acceptor(speaks: Speaks, asks_for_certificates: bool) -> TlsAcceptor {
    let chain = vec![CertificateDer::from_pem_slice(CERTIFICATE.as_bytes()).unwrap()];
    let key = PrivateKeyDer::from_pem_slice(KEY.as_bytes()).unwrap();
    let provider = Arc::new(ring::default_provider());
    let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .unwrap();
    let builder = if asks_for_certificates {
        let mut roots = RootCertStore::empty();
        roots.add(chain[0].clone()).unwrap();
        let verifier =
            WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build().unwrap();
        builder.with_client_cert_verifier(verifier)
    } else {
        builder.with_no_client_auth()
    };
    let mut config = builder.with_single_cert(chain, key).unwrap();
    if speaks == Speaks::Grpc {
        config.alpn_protocols = vec![b"h2".to_vec()];
    }
    TlsAcceptor::from(Arc::new(config))
}

#[test]
fn spans_arrive_encrypted() {
    let _alone = alone();
    for speaks in WAYS {
        let collector = Collector::new(*speaks);
        let proxy = Proxy::new(&collector, false);
        let tracing = set_up(&config(&collector).endpoint(proxy.url()).tls_root(CERTIFICATE));
        spans(3);
        assert_eq!(tracing.shutdown(LONG), counted(3, 0, 0));
        assert_eq!(collector.spans().len(), 3);
    }
}

#[test]
fn a_collector_for_whom_nobody_vouches_gets_nothing() {
    let _alone = alone();
    for speaks in WAYS {
        for root in [None, Some(STRANGER)] {
            let collector = Collector::new(*speaks);
            let proxy = Proxy::new(&collector, false);
            let config = config(&collector)
                .endpoint(proxy.url())
                .export_timeout(std::time::Duration::from_millis(300));
            let config = match root {
                Some(root) => config.tls_root(root),
                None => config,
            };
            let tracing = set_up(&config);
            spans(3);
            assert_eq!(tracing.shutdown(LONG), counted(0, 3, 0));
            assert!(collector.received().is_empty());
        }
    }
}

#[test]
fn a_collector_that_asks_who_sends_is_told() {
    let _alone = alone();
    for speaks in WAYS {
        let collector = Collector::new(*speaks);
        let proxy = Proxy::new(&collector, true);
        let config =
            config(&collector).endpoint(proxy.url()).tls_root(CERTIFICATE).tls_identity(CERTIFICATE, KEY);
        let tracing = set_up(&config);
        spans(3);
        assert_eq!(tracing.shutdown(LONG), counted(3, 0, 0));
    }
}

#[test]
fn what_holds_no_certificate_is_refused_at_once() {
    let _alone = alone();
    let collector = Collector::new(Speaks::Http);
    let config = || config(&collector).endpoint("https://127.0.0.1:4318");
    for (config, option) in [
        (config().tls_root("nonsense"), "tls_root"),
        (config().tls_root(KEY), "tls_root"),
        (config().tls_identity("nonsense", KEY), "tls_identity"),
        (config().tls_identity(CERTIFICATE, CERTIFICATE), "tls_identity"),
    ] {
        let error = setup_tracing(config).unwrap_err();
        assert_eq!(error.option_name(), Some(option), "{error}");
        assert!(error.to_string().contains("give one in PEM"), "{error}");
    }
}
