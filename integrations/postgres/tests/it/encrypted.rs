use std::{
    os::unix::fs::{PermissionsExt, chown},
    process::Command,
};

use mainstay_postgres::PostgresStore;
use mainstay_runtime::store::Store;
use mainstay_testkit::servers::PostgresServer;

#[tokio::test]
#[ignore = "needs the program `openssl`: cargo test -p mainstay-postgres --features tls -- --ignored encrypted"]
async fn an_encrypted_connection_serves_as_any_other_and_wants_a_certificate_it_knows() {
    let folder = std::env::temp_dir().join(format!("mainstay-tls-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let (key, cert) = (folder.join("key.pem"), folder.join("cert.pem"));
    let mut openssl = Command::new("openssl");
    openssl.args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]);
    openssl.args(["-addext", "subjectAltName=IP:127.0.0.1", "-addext", "basicConstraints=critical,CA:FALSE"]);
    openssl.arg("-keyout").arg(&key).arg("-out").arg(&cert);
    assert!(openssl.output().unwrap().status.success());
    std::fs::set_permissions(&key, PermissionsExt::from_mode(0o600)).unwrap();
    let users = std::fs::read_to_string("/etc/passwd").unwrap();
    if let Some(user) = users.lines().find(|line| line.starts_with("postgres:")) {
        let _ = chown(&key, user.split(':').nth(2).unwrap().parse().ok(), None);
    }
    let server = PostgresServer::builder()
        .config("ssl", "on")
        .config("ssl_key_file", key.display().to_string())
        .config("ssl_cert_file", cert.display().to_string())
        .start()
        .unwrap();
    let url = server.url();
    let known = format!("{url}?sslmode=verify-full&sslrootcert={}", cert.display());
    for url in [format!("{url}?sslmode=require"), known] {
        let store = PostgresStore::connect(&url).await.unwrap();
        store.migrate().await.unwrap();
        store.ping().await.unwrap();
    }
    let error = PostgresStore::connect(&format!("{url}?sslmode=verify-full")).await.unwrap_err();
    assert!(error.problem().contains("a certificate that is known here"), "{error}");
    std::fs::remove_dir_all(folder).unwrap();
}
