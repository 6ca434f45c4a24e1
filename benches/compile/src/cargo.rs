//! Runs cargo and says what processor time that took.

use std::{
    path::Path,
    process::{Command, Stdio},
};

use nix::sys::resource::{UsageWho, getrusage};

/// Runs cargo in `folder`; the processor seconds of it and of all that it started, and what it printed.
pub fn cargo(folder: &Path, arguments: &[&str]) -> Result<(f64, String), String> {
    let before = children()?;
    let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(arguments)
        .current_dir(folder)
        // What the caller's shell says of builds must not change what is measured.
        .env_remove("CARGO_INCREMENTAL")
        .env_remove("CARGO_TARGET_DIR")
        .env_remove("RUSTFLAGS")
        .env("CARGO_TERM_COLOR", "never")
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("cargo does not start: {error}"))?;
    let seconds = children()? - before;
    if output.status.success() {
        return Ok((seconds, String::from_utf8_lossy(&output.stdout).into_owned()));
    }
    Err(format!("cargo {}:\n{}", arguments.join(" "), String::from_utf8_lossy(&output.stderr)))
}

fn children() -> Result<f64, String> {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).map_err(|error| error.to_string())?;
    let times = [usage.user_time(), usage.system_time()];
    Ok(times.iter().map(|time| time.tv_sec() as f64 + time.tv_usec() as f64 / 1e6).sum())
}
