//! What building a dependency from nothing takes.

use std::{fs, path::Path};

use crate::{
    Options,
    cargo::cargo,
    generate::checkout,
    table::{Table, median},
};

const SETS: [(&str, &str); 6] = [
    ("`mainstay-macros`", "mainstay-macros = { path = \"{mainstay}/macros\" }"),
    ("`fastrace-macro`", "fastrace-macro = \"0.7.19\""),
    ("`tracing-attributes`", "tracing-attributes = \"0.1.31\""),
    ("`mainstay`, default features", "mainstay = { path = \"{mainstay}\" }"),
    ("the peers' crates", PEERS),
    ("tokio alone", TOKIO),
];

const PEERS: &str = "backon = \"1.6\"\ngovernor = \"0.10\"\nrecloser = \"1.4\"
tokio = { version = \"1.47\", features = [\"rt\", \"sync\", \"time\"] }";
const TOKIO: &str = "tokio = { version = \"1.47\", features = [\"rt\", \"sync\", \"time\"] }";

/// Builds each set in a folder of its own and prints the table.
pub fn run(options: &Options) -> Result<(), String> {
    let head = ["dependencies", "crates", "processor, s", "least, s"];
    let mut table = Table::new("Cold `cargo build`, dev profile", head);
    for (title, dependencies) in SETS {
        let (mut seconds, mut crates) = (Vec::new(), 0);
        for _ in 0..options.cold_rounds {
            let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
            write(folder.path(), &dependencies.replace("{mainstay}", checkout()))
                .map_err(|error| error.to_string())?;
            // Downloads are not what is measured.
            cargo(folder.path(), &["fetch", "--quiet"])?;
            let (time, messages) = cargo(folder.path(), &["build", "--quiet", "--message-format", "json"])?;
            eprintln!("cold: {title} {time:.2} s");
            seconds.push(time);
            crates = count(&messages);
        }
        let least = seconds.iter().copied().fold(f64::INFINITY, f64::min);
        table.row([
            title.to_owned(),
            crates.to_string(),
            format!("{:.1}", median(&seconds)),
            format!("{least:.1}"),
        ]);
    }
    table.print(options.markdown);
    Ok(())
}

fn write(folder: &Path, dependencies: &str) -> std::io::Result<()> {
    fs::create_dir(folder.join("src"))?;
    fs::write(folder.join("src/lib.rs"), "")?;
    let manifest = "[package]\nname = \"cold\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n";
    fs::write(folder.join("Cargo.toml"), format!("{manifest}{dependencies}\n"))?;
    fs::write(folder.join("Cargo.lock"), include_str!("../peers.lock"))
}

/// The packages that were compiled, but for the empty one that asks for them.
fn count(messages: &str) -> usize {
    let ids = messages
        .lines()
        .filter(|line| line.contains("\"reason\":\"compiler-artifact\""))
        .filter_map(|line| line.split("\"package_id\":\"").nth(1)?.split('"').next());
    let packages: std::collections::BTreeSet<&str> = ids.collect();
    packages.len().saturating_sub(1)
}
