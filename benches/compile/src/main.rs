//! What annotated functions cost when they are compiled. `README.md` says how to run this and how to read it.

mod cargo;
mod cold;
mod functions;
mod generate;
mod size;
mod table;
mod variant;

use std::process::ExitCode;

use generate::Workspace;
use variant::{ALL, Variant, named};

const USAGE: &str = "usage: [build] [check] [size] [cold] (default: all four)
  --markdown            tables in Markdown
  --rounds N            samples of each crate (3; 1 for `cold`)
  --functions N,N,…     functions in a crate (0,100)
  --per-module N        functions in a module (10)
  --only NAME,NAME,…    of: bare retry breaker limit bulkhead timeout fallback five instrument fastrace cached
                        methods asynctrait";

/// What was asked for.
pub struct Options {
    parts: Vec<String>,
    markdown: bool,
    rounds: usize,
    cold_rounds: usize,
    functions: Vec<usize>,
    per_module: usize,
    variants: Vec<&'static Variant>,
}

fn main() -> ExitCode {
    match options(std::env::args().skip(1)).and_then(|options| run(&options)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<(), String> {
    let asked = |part: &str| options.parts.is_empty() || options.parts.iter().any(|asked| asked == part);
    let workspace = Workspace::create(options.per_module).map_err(|error| format!("no temporary folder: {error}"))?;
    for command in ["build", "check"] {
        if asked(command) {
            functions::run(&workspace, options, command)?;
        }
    }
    if asked("size") {
        size::run(&workspace, options)?;
    }
    if asked("cold") {
        cold::run(options)?;
    }
    Ok(())
}

fn options(arguments: impl Iterator<Item = String>) -> Result<Options, String> {
    let mut options = Options {
        parts: Vec::new(),
        markdown: false,
        rounds: 3,
        cold_rounds: 1,
        functions: vec![0, 100],
        per_module: 10,
        variants: ALL.iter().collect(),
    };
    let mut arguments = arguments;
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or(USAGE);
        match argument.as_str() {
            "build" | "check" | "size" | "cold" => options.parts.push(argument),
            "--markdown" => options.markdown = true,
            "--rounds" => {
                options.rounds = value()?.parse().map_err(|_| USAGE)?;
                options.cold_rounds = options.rounds;
            }
            "--functions" => {
                let list: Result<_, _> = value()?.split(',').map(str::parse).collect();
                options.functions = list.map_err(|_| USAGE)?;
            }
            "--per-module" => {
                options.per_module = value()?.parse().ok().filter(|number| *number > 0).ok_or(USAGE)?;
            }
            "--only" => {
                let list: Option<_> = value()?.split(',').map(named).collect();
                options.variants = list.ok_or(USAGE)?;
            }
            _ => return Err(USAGE.into()),
        }
    }
    Ok(options)
}
