//! Processor time per annotated function, clean and after an edit.

use std::{collections::BTreeMap, fs, io};

use crate::{
    Options,
    cargo::cargo,
    generate::Workspace,
    table::{Table, median},
    variant::{Variant, named},
};

/// Samples in seconds of each crate at each size, clean and edited.
type Samples = BTreeMap<(&'static str, usize), (Vec<f64>, Vec<f64>)>;

/// Measures `cargo build` or `cargo check` and prints the table.
pub fn run(workspace: &Workspace, options: &Options, command: &str) -> Result<(), String> {
    let mut samples = Samples::new();
    for variant in &options.variants {
        eprintln!("{command}: the dependencies of {}", variant.name);
        workspace.write(variant, 1).map_err(text)?;
        cargo(workspace.root(), &[command, "--quiet", "--package", &variant.package()])?;
    }
    for round in 1..=options.rounds {
        for variant in &options.variants {
            for &functions in &options.functions {
                let (clean, edited) = sample(workspace, variant, functions, command)?;
                eprintln!(
                    "{command} {round}/{}: {:<10} {functions:>4}: {clean:.2} s, {edited:.2} s",
                    options.rounds, variant.name
                );
                let (cleans, edits) = samples.entry((variant.name, functions)).or_default();
                cleans.push(clean);
                edits.push(edited);
            }
        }
    }
    print(&samples, options, command);
    Ok(())
}

fn sample(
    workspace: &Workspace,
    variant: &'static Variant,
    functions: usize,
    command: &str,
) -> Result<(f64, f64), String> {
    let arguments = [command, "--quiet", "--package", &variant.package()];
    forget(workspace, variant).map_err(text)?;
    workspace.write(variant, functions).map_err(text)?;
    let (clean, _) = cargo(workspace.root(), &arguments)?;
    workspace.edit(variant).map_err(text)?;
    let (edited, _) = cargo(workspace.root(), &arguments)?;
    Ok((clean, edited))
}

/// Removes what the compiler keeps of the crate for the next time.
fn forget(workspace: &Workspace, variant: &Variant) -> io::Result<()> {
    let kept = workspace.root().join("target/debug/incremental");
    let Ok(folders) = fs::read_dir(kept) else { return Ok(()) };
    for folder in folders {
        let folder = folder?;
        if folder.file_name().to_string_lossy().starts_with(&format!("{}-", variant.package())) {
            fs::remove_dir_all(folder.path())?;
        }
    }
    Ok(())
}

fn print(samples: &Samples, options: &Options, command: &str) {
    let most = options.functions.iter().copied().max().unwrap_or_default();
    let head = [
        "attributes".to_owned(),
        format!("{most} clean, s"),
        "per function, ms".to_owned(),
        "over none, ms".to_owned(),
        format!("{most} edited, s"),
        "over none, ms".to_owned(),
    ];
    let mut table = Table::new(format!("`cargo {command}`, dev profile, processor time"), head);
    for variant in &options.variants {
        let of = |variant: &Variant, size, edited: bool| {
            samples.get(&(variant.name, size)).map(|(clean, edit)| median(if edited { edit } else { clean }))
        };
        let least = options.functions.iter().copied().min().unwrap_or_default();
        let per_function = |variant: &Variant, edited| {
            Some((of(variant, most, edited)? - of(variant, least, edited)?) * 1e3 / (most - least) as f64)
        };
        let over = |edited| {
            let base = named(variant.base)?;
            Some(per_function(variant, edited)? - per_function(base, edited)?)
        };
        let is_base = variant.base == variant.name || variant.attributes.is_empty();
        let show = |value: Option<f64>| match value {
            Some(value) if !is_base => format!("{value:+.2}"),
            _ => String::new(),
        };
        table.row([
            variant.title.to_owned(),
            of(variant, most, false).map_or(String::new(), |value| format!("{value:.2}")),
            per_function(variant, false).map_or(String::new(), |value| format!("{value:.2}")),
            show(over(false)),
            of(variant, most, true).map_or(String::new(), |value| format!("{value:.2}")),
            show(over(true)),
        ]);
    }
    table.print(options.markdown);
}

fn text(error: io::Error) -> String {
    format!("a generated crate cannot be written: {error}")
}
