//! Instructions per call, as a guard against getting slower that does not depend on how fast the machine is.
//!
//! `.ci/counts` runs `counts run` under valgrind's callgrind and then `counts check` or `counts update`. Not by gungraun:
//! it would need a runner of exactly its own version installed beside it, and a process per row; this needs valgrind
//! alone and starts it once. A function that does nothing marks the places at which callgrind writes down its count.

use std::{collections::BTreeMap, fs, hint::black_box, process::ExitCode};

use mainstay_benches::{PATHS, row::Row, work::runtime};

/// Calls of the shorter of two runs of a row; the longer one makes twice as many. It is a whole number of rounds for
/// the windows of 100 calls and the tables of 1,000 keys; [`MOST`] is one for 100,000.
const CALLS: u64 = 2000;
const MOST: u64 = 100_000;
/// A count may grow by so much, or by this share, before it is an error.
const INSTRUCTIONS: f64 = 3.0;
const SHARE: f64 = 0.05;
/// The same for [`LOOSE`] rows.
const LOOSE_SHARE: f64 = 0.25;
/// Rows whose count depends on more than the calls: what a time sweeps, or a thread of its own takes away, meanwhile.
const LOOSE: [&str; 4] =
    ["rate limit, 100,000 keys", "idempotent, a new key", "span, to the buffer", "log line, JSON"];

const USAGE: &str =
    "usage: counts run [--all [<beginning of a path>]] | check|update <callgrind's output> <rows> <table>";

/// Where callgrind stops to write: see `--dump-before` in `.ci/counts`.
#[inline(never)]
fn mark() {
    black_box(());
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let done = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["run"] => run(false, ""),
        ["run", "--all"] => run(true, ""),
        ["run", "--all", beginning] => run(true, beginning),
        ["check", dump, rows, table] => {
            of_files(dump, rows).and_then(|counts| check(&counts, &text_of(table)?))
        }
        ["update", dump, rows, table] => of_files(dump, rows).and_then(|counts| update(&counts, table)),
        _ => Err(USAGE.to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Runs each row of the paths that begin so twice and prints its name and how many calls the second run makes more than the first.
fn run(all: bool, beginning: &str) -> Result<(), String> {
    let _entered = runtime().enter();
    for path in PATHS.iter().filter(|path| path.name.starts_with(beginning)) {
        let calls = path.calls.clamp(CALLS, MOST);
        let rows = (path.rows)();
        let counted = rows.iter().filter(|row| all || row.who.starts_with("mainstay"));
        for row in counted {
            println!("{}\t{}\t{calls}", path.name, row.who);
            measure(row, calls);
        }
    }
    mark();
    Ok(())
}

fn measure(row: &Row, calls: u64) {
    row.run(0, calls);
    mark();
    row.run(0, calls);
    mark();
    row.run(0, 2 * calls);
    mark();
}

fn text_of(file: &str) -> Result<String, String> {
    fs::read_to_string(file).map_err(|error| format!("{file}: {error}"))
}

fn of_files(dump: &str, rows: &str) -> Result<Vec<(String, f64)>, String> {
    counted(&text_of(dump)?, &text_of(rows)?)
}

/// Instructions per call of each row, in the order in which they ran.
fn counted(dump: &str, rows: &str) -> Result<Vec<(String, f64)>, String> {
    let parts: Vec<f64> =
        dump.lines().filter_map(|line| line.strip_prefix("summary: ")?.trim().parse().ok()).collect();
    let names: Vec<&str> = rows.lines().collect();
    if names.is_empty() || parts.len() < 3 * names.len() {
        return Err(format!(
            "callgrind wrote {} parts for {} rows, it should be three a row",
            parts.len(),
            names.len()
        ));
    }
    let mut counts = Vec::new();
    for (row, parts) in names.iter().zip(parts.chunks(3)) {
        let (name, calls) = row.rsplit_once('\t').ok_or_else(|| format!("`{row}` is no row"))?;
        let calls: f64 = calls.parse().map_err(|error| format!("{row}: {error}"))?;
        counts.push((name.replace('\t', " | "), (parts[2] - parts[1]) / calls));
    }
    Ok(counts)
}

/// Compares with the table that is committed.
fn check(counts: &[(String, f64)], table: &str) -> Result<(), String> {
    let was: BTreeMap<String, f64> = read(table)?;
    let (mut errors, mut less) = (Vec::new(), 0);
    for (name, is) in counts {
        let Some(was) = was.get(name) else {
            errors.push(format!("error: `{name}` is not in the table; it takes {is:.1}"));
            continue;
        };
        let is_loose = LOOSE.iter().any(|loose| name.starts_with(loose));
        let slack = INSTRUCTIONS.max(was * if is_loose { LOOSE_SHARE } else { SHARE });
        println!("{name:<60} was {was:>8.1}  is {is:>8.1}  {:>+7.1}", is - was);
        if *is > was + slack {
            errors.push(format!("error: `{name}` was {was:.1} instructions per call, is {is:.1}"));
        }
        less += usize::from(*is < was - slack);
    }
    let gone = was.keys().filter(|name| counts.iter().all(|(counted, _)| counted != *name));
    errors.extend(gone.map(|name| format!("error: `{name}` is in the table, and is not measured any more")));
    if !errors.is_empty() {
        errors.push(String::from(
            "  help: make it as quick as it was; if the growth is worth it, run `.ci/counts --update` and say why",
        ));
        return Err(errors.join("\n"));
    }
    match less {
        0 => println!("{} rows, none above its count", counts.len()),
        _ => println!("{less} rows take well less than the table says: run `.ci/counts --update`"),
    }
    Ok(())
}

fn read(table: &str) -> Result<BTreeMap<String, f64>, String> {
    let rows = table.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    rows.map(|line| {
        let (name, count) =
            line.trim().rsplit_once(' ').ok_or_else(|| format!("`{line}` is no row of the table"))?;
        let count = count.parse().map_err(|error| format!("`{line}` of the table: {error}"))?;
        Ok((name.trim().to_owned(), count))
    })
    .collect()
}

fn update(counts: &[(String, f64)], table: &str) -> Result<(), String> {
    let mut text = String::from(
        "# Instructions per call, by valgrind's callgrind: what `.ci/counts` compares with, and `.ci/counts --update` writes.\n",
    );
    for (name, count) in counts {
        text.push_str(&format!("{name:<60} {count:>8.1}\n"));
    }
    fs::write(table, text).map_err(|error| format!("{table}: {error}"))?;
    println!("{} rows written to {table}", counts.len());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_above_its_count_fails_by_name() {
        let table = "# counts\na | mainstay 100.0\nb | mainstay 10.0\n";
        let rows = |a, b| [(String::from("a | mainstay"), a), (String::from("b | mainstay"), b)];
        assert_eq!(check(&rows(105.0, 13.0), table), Ok(()));
        let error = check(&rows(105.0, 13.1), table).unwrap_err();
        assert!(
            error.starts_with("error: `b | mainstay` was 10.0 instructions per call, is 13.1"),
            "{error}"
        );
        assert!(check(&rows(105.1, 13.0), table).is_err());
    }

    #[test]
    fn a_row_that_depends_on_more_than_its_calls_has_more_room() {
        let table = "span, to the buffer | mainstay 100.0\n";
        let row = |count| [(String::from("span, to the buffer | mainstay"), count)];
        assert_eq!(check(&row(125.0), table), Ok(()));
        assert!(check(&row(125.1), table).is_err());
    }

    #[test]
    fn a_row_that_is_new_or_gone_fails() {
        let table = "a | mainstay 100.0\n";
        let row = |name: &str| (String::from(name), 1.0);
        assert!(check(&[row("a | mainstay"), row("b | mainstay")], table).is_err());
        assert!(check(&[], table).is_err());
    }

    #[test]
    fn what_a_batch_costs_for_itself_goes_out_by_subtraction() {
        let dump = "summary: 999\nfn=x\nsummary: 1050\nsummary: 2050\nsummary: 7\n";
        assert_eq!(counted(dump, "a\tmainstay\t100\n"), Ok(vec![(String::from("a | mainstay"), 10.0)]));
    }
}
