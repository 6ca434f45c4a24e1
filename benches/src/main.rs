//! `cargo run --release --manifest-path benches/Cargo.toml -- [--markdown] [--only times|threads|sizes] [path…]`

use std::{alloc::System, process::ExitCode};

use alloc_tracker::Allocator;

use mainstay_benches::{PATHS, markdown, row::Path, sample, sizes, table, threads, work::runtime};

/// Counts in the thread's own words, so that the peers that allocate pay little for being counted.
#[global_allocator]
static ALLOCATOR: Allocator<System> = Allocator::system();

const USAGE: &str =
    "usage: mainstay-benches [--markdown] [--only times|threads|sizes] [beginning of a path's name…]";

/// What the command line asks for.
#[derive(Default)]
struct Asked {
    markdown: bool,
    only: Option<String>,
    names: Vec<String>,
}

impl Asked {
    fn read(mut arguments: impl Iterator<Item = String>) -> Option<Self> {
        let mut asked = Self::default();
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--markdown" => asked.markdown = true,
                "--only" => {
                    let part = arguments.next()?;
                    asked.only =
                        ["times", "threads", "sizes"].contains(&part.as_str()).then_some(Some(part))?;
                }
                option if option.starts_with('-') => return None,
                name => asked.names.push(name.to_owned()),
            }
        }
        Some(asked)
    }

    fn wants(&self, part: &str) -> bool {
        self.only.as_ref().is_none_or(|only| only == part)
    }

    fn paths(&self) -> impl Iterator<Item = &'static Path> {
        PATHS
            .iter()
            .filter(|path| self.names.is_empty() || self.names.iter().any(|name| path.name.starts_with(name)))
    }
}

fn main() -> ExitCode {
    let Some(asked) = Asked::read(std::env::args().skip(1)) else {
        eprintln!("{USAGE}");
        return ExitCode::FAILURE;
    };
    if asked.paths().next().is_none() {
        eprintln!("no path begins so; there are:");
        PATHS.iter().for_each(|path| eprintln!("  {}", path.name));
        return ExitCode::FAILURE;
    }
    let _entered = runtime().enter();
    if asked.wants("times") {
        print_times(&asked);
    }
    if asked.wants("threads") {
        print_threads(&asked);
    }
    if asked.wants("sizes") && asked.names.is_empty() {
        println!();
        if asked.markdown { markdown::sizes(&sizes::sizes()) } else { table::sizes(&sizes::sizes()) }
    }
    ExitCode::SUCCESS
}

fn print_times(asked: &Asked) {
    if asked.markdown {
        markdown::times(&asked.paths().map(|path| (path, sample::measure(path))).collect::<Vec<_>>());
        return;
    }
    table::times_heading();
    asked.paths().for_each(|path| table::times(path, &sample::measure(path)));
}

fn print_threads(asked: &Asked) {
    let mut shared = asked.paths().filter(|path| path.threads).peekable();
    if shared.peek().is_none() {
        return;
    }
    println!();
    if asked.markdown {
        markdown::threads(&shared.map(|path| (path, threads::measure(path))).collect::<Vec<_>>());
        return;
    }
    table::threads_heading();
    shared.for_each(|path| table::threads(path, &threads::measure(path)));
}
