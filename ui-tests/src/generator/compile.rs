//! Asks rustc what it thinks of a file.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use serde_json::Value;

/// What the crates of the generated code need.
pub(super) struct Toolchain {
    rustc: String,
    crates: Vec<(String, PathBuf)>,
}

/// What rustc says.
#[derive(Debug)]
pub(super) struct Diagnostic {
    pub(super) is_error: bool,
    pub(super) code: String,
    pub(super) message: String,
    /// Of the primary span, which is where the user looks.
    pub(super) line: Option<usize>,
    /// What is underlined in that line.
    pub(super) underlined: String,
    pub(super) rendered: String,
}

impl Toolchain {
    /// Builds the crates that the generated code uses, or finds them built.
    pub(super) fn find() -> Result<Self, String> {
        let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
        let arguments =
            ["test", "--no-run", "--quiet", "--message-format=json", "-p", env!("CARGO_PKG_NAME")];
        let output = Command::new(cargo)
            .args(arguments)
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .stderr(Stdio::inherit())
            .output()
            .map_err(|error| format!("cargo does not start: {error}"))?;
        let mut crates = Vec::new();
        for line in String::from_utf8_lossy(&output.stdout).lines() {
            let Ok(message) = serde_json::from_str::<Value>(line) else { continue };
            let name = text(&message["target"]["name"]).replace('-', "_");
            if !["mainstay", "tokio", "anyhow", "async_trait"].contains(&name.as_str()) {
                continue;
            }
            let files =
                message["filenames"].as_array().into_iter().flatten().map(|file| PathBuf::from(text(file)));
            let is = |file: &Path, ends: &[&str]| {
                file.extension().is_some_and(|end| ends.iter().any(|known| end == *known))
            };
            let files: Vec<_> = files.collect();
            let library = files.iter().find(|file| is(file, &["rmeta"]));
            let library = library.or(files.iter().find(|file| is(file, &["rlib", "so", "dylib", "dll"])));
            if let Some(library) = library {
                crates.push((name, library.clone()));
            }
        }
        match crates.len() {
            4.. => Ok(Self { rustc: std::env::var("RUSTC").unwrap_or_else(|_| "rustc".to_owned()), crates }),
            _ => Err(format!("cargo built {crates:?}, and four crates are needed")),
        }
    }

    pub(super) fn check(&self, file: &Path) -> Result<Vec<Diagnostic>, String> {
        let mut command = Command::new(&self.rustc);
        command.args(["--edition=2024", "--crate-type=lib", "--emit=metadata", "--error-format=json"]);
        command.arg("--out-dir").arg(file.parent().unwrap_or(Path::new(".")));
        for (name, library) in &self.crates {
            let mut needed = std::ffi::OsString::from("dependency=");
            needed.push(library.parent().unwrap_or(Path::new(".")).join(""));
            command.arg("-L").arg(needed);
            let mut named = std::ffi::OsString::from(format!("{name}="));
            named.push(library);
            command.arg("--extern").arg(named);
        }
        let output = command.arg(file).output().map_err(|error| format!("rustc does not start: {error}"))?;
        let said = String::from_utf8_lossy(&output.stderr);
        let diagnostics: Vec<_> =
            said.lines().filter_map(|line| serde_json::from_str(line).ok()).filter_map(read).collect();
        if !output.status.success() && diagnostics.is_empty() {
            return Err(format!("rustc failed and said: {said}"));
        }
        Ok(diagnostics)
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn number(value: &Value) -> usize {
    value.as_u64().and_then(|number| usize::try_from(number).ok()).unwrap_or_default()
}

fn read(said: Value) -> Option<Diagnostic> {
    let level = text(&said["level"]);
    let message = text(&said["message"]).to_owned();
    if !matches!(level, "error" | "warning" | "error: internal compiler error")
        || message.starts_with("aborting due to")
    {
        return None;
    }
    if message.ends_with("emitted") && said["spans"].as_array().is_some_and(Vec::is_empty) {
        return None;
    }
    let primary = said["spans"].as_array()?.iter().find(|span| span["is_primary"].as_bool() == Some(true));
    let underlined = primary.and_then(|span| {
        let shown = &span["text"][0];
        let (from, to) = (number(&shown["highlight_start"]), number(&shown["highlight_end"]));
        Some(text(&shown["text"]).chars().skip(from.checked_sub(1)?).take(to.checked_sub(from)?).collect())
    });
    Some(Diagnostic {
        is_error: level != "warning",
        code: text(&said["code"]["code"]).to_owned(),
        message,
        line: primary
            .filter(|span| text(&span["file_name"]).ends_with(".rs"))
            .map(|span| number(&span["line_start"])),
        underlined: underlined.unwrap_or_default(),
        rendered: text(&said["rendered"]).to_owned(),
    })
}
