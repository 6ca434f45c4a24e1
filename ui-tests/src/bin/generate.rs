//! Compiles functions that nobody wrote, see `mainstay_ui_tests::generator`.
//!
//! `cargo run -p mainstay-ui-tests --bin generate -- --count 5000 --seed 7`

use std::{path::PathBuf, process::ExitCode};

use mainstay_ui_tests::generator::run;

/// The number after `--name`.
fn setting(name: &str, default: u64) -> Result<u64, String> {
    let mut arguments = std::env::args().skip_while(|argument| *argument != name).skip(1);
    match arguments.next() {
        Some(text) => text.parse().map_err(|_| format!("`{name}` wants a number, and `{text}` is none")),
        None => Ok(default),
    }
}

fn main() -> Result<ExitCode, String> {
    let (count, seed, first) = (setting("--count", 2_000)?, setting("--seed", 0)?, setting("--first", 0)?);
    let folder: PathBuf = [env!("CARGO_MANIFEST_DIR"), "..", "target", "generated"].iter().collect();
    let folder =
        std::env::var_os("CARGO_TARGET_DIR").map_or(folder, |target| PathBuf::from(target).join("generated"));
    let report = run(seed, first..first + count, &folder)?;
    for discarded in &report.discarded {
        println!("== no Rust even without attributes\n{discarded}");
    }
    for find in &report.finds {
        println!("== find\n{find}");
    }
    let (compiled, refused) = (report.compiled, report.refused);
    println!(
        "{compiled} compiled, {refused} refused, {} discarded, {} finds",
        report.discarded.len(),
        report.finds.len()
    );
    Ok(if report.finds.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
