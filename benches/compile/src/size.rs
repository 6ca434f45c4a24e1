//! Bytes of the program per annotated function.

use std::fs;

use crate::{
    Options,
    cargo::cargo,
    generate::Workspace,
    table::Table,
    variant::{Variant, named},
};

/// Builds release programs and prints the table.
pub fn run(workspace: &Workspace, options: &Options) -> Result<(), String> {
    let most = options.functions.iter().copied().max().unwrap_or_default();
    let head = [
        "attributes".to_owned(),
        "0 functions, KiB".to_owned(),
        format!("{most}, KiB"),
        "per function, B".to_owned(),
        "over none, B".to_owned(),
    ];
    let mut table = Table::new("Stripped release program", head);
    let mut sizes: Vec<(&str, f64)> = Vec::new();
    for variant in &options.variants {
        let (none, all) = (size(workspace, variant, 0)?, size(workspace, variant, most)?);
        let each = (all - none) / most as f64;
        eprintln!("size: {:<10} {none} {all}", variant.name);
        sizes.push((variant.name, each));
        let base = named(variant.base).and_then(|base| sizes.iter().find(|(name, _)| *name == base.name));
        table.row([
            variant.title.to_owned(),
            format!("{:.0}", none / 1024.0),
            format!("{:.0}", all / 1024.0),
            format!("{each:.0}"),
            match base {
                Some((_, base)) if !variant.attributes.is_empty() => format!("{:+.0}", each - base),
                _ => String::new(),
            },
        ]);
    }
    table.print(options.markdown);
    Ok(())
}

fn size(workspace: &Workspace, variant: &Variant, functions: usize) -> Result<f64, String> {
    workspace.write(variant, functions).map_err(|error| error.to_string())?;
    cargo(workspace.root(), &["build", "--quiet", "--release", "--package", &variant.package()])?;
    let program = workspace.root().join("target/release").join(variant.package());
    Ok(fs::metadata(program).map_err(|error| error.to_string())?.len() as f64)
}
