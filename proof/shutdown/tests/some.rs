//! The proof in small.
#![cfg(unix)]

use std::process::Command;

#[test]
fn twenty_five_shutdowns_under_load_lose_no_request() {
    let mut proof = Command::new(env!("CARGO_BIN_EXE_mainstay-proof-shutdown"));
    let output = proof.args(["--shutdowns", "25", "--at-once", "2"]).output().expect("it starts");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    assert!(text.contains("requests lost           0"), "{text}");
}
