//! Compares what rustc says with what the oracle says.

use std::{collections::BTreeMap, path::Path};

use super::{
    Case,
    compile::{Diagnostic, Toolchain},
};

const PRELUDE: &str = include_str!("prelude.txt");

/// What came of a run.
#[derive(Debug, Default)]
pub struct Report {
    /// How many functions compiled as they should.
    pub compiled: usize,
    /// How many were refused as they should.
    pub refused: usize,
    /// How many are no Rust even without attributes, which is a fault of the generator.
    pub discarded: Vec<String>,
    /// What is not as the book says.
    pub finds: Vec<String>,
}

/// Generates the cases of these numbers and compiles them in `folder`.
///
/// # Errors
/// The folder cannot be written, or there is no compiler.
pub fn run(seed: u64, numbers: std::ops::Range<u64>, folder: &Path) -> Result<Report, String> {
    // Two runs at once do not meet.
    let folder = &folder.join(format!("{seed}-{}", numbers.start));
    std::fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let toolchain = Toolchain::find()?;
    let mut report = Report::default();
    let all: Vec<u64> = numbers.collect();
    for part in all.chunks(400) {
        let cases: Vec<Case> = part.iter().map(|number| Case::generate(seed, *number)).collect();
        let (right, wrong): (Vec<_>, Vec<_>) = cases.into_iter().partition(|case| case.expected.is_empty());
        let (late, early): (Vec<_>, Vec<_>) =
            wrong.into_iter().partition(|case| case.expected.iter().any(|expected| expected.late));
        let check = Check { toolchain: &toolchain, folder, seed };
        let right = check.bare(right, &mut report)?;
        check.right(right, &mut report)?;
        for cases in [early, late] {
            let cases = check.bare(cases, &mut report)?;
            check.refused(&cases, &mut report)?;
        }
    }
    std::fs::remove_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    Ok(report)
}

struct Check<'a> {
    toolchain: &'a Toolchain,
    folder: &'a Path,
    seed: u64,
}

/// What rustc says of each case, by its place in the list, and what it says of no case.
type Said = (BTreeMap<usize, Vec<Diagnostic>>, Vec<Diagnostic>);

impl Check<'_> {
    /// Compiles the cases as one crate.
    fn compile(&self, cases: &[Case], annotated: bool) -> Result<Said, String> {
        let mut source = PRELUDE.to_owned();
        let mut starts = Vec::new();
        for case in cases {
            starts.push(source.lines().count() + 1);
            source.push_str(&case.source(annotated));
        }
        let file = self.folder.join("generated.rs");
        std::fs::write(&file, source).map_err(|error| format!("{}: {error}", file.display()))?;
        let mut said: Said = Default::default();
        for diagnostic in self.toolchain.check(&file)? {
            let case = diagnostic
                .line
                .and_then(|line| starts.partition_point(|start| *start <= line).checked_sub(1));
            match case {
                Some(case) => said.0.entry(case).or_default().push(diagnostic),
                None => said.1.push(diagnostic),
            }
        }
        Ok(said)
    }

    /// Leaves out what rustc does not like without any attributes.
    fn bare(&self, mut cases: Vec<Case>, report: &mut Report) -> Result<Vec<Case>, String> {
        loop {
            let (said, lost) = self.compile(&cases, false)?;
            report.finds.extend(lost.iter().map(|diagnostic| format!("in no case: {}", diagnostic.rendered)));
            if said.is_empty() {
                return Ok(cases);
            }
            for (case, diagnostics) in said.iter().rev() {
                report.discarded.push(self.tell(&cases.remove(*case), false, diagnostics));
            }
        }
    }

    /// All of these compile without a word. What does not is taken out, so that rustc gets to the rest.
    fn right(&self, mut cases: Vec<Case>, report: &mut Report) -> Result<(), String> {
        loop {
            let (said, lost) = self.compile(&cases, true)?;
            report.finds.extend(lost.iter().map(|diagnostic| format!("in no case: {}", diagnostic.rendered)));
            if said.is_empty() {
                report.compiled += cases.len();
                return Ok(());
            }
            for (case, diagnostics) in said.iter().rev() {
                report.finds.push(self.tell(&cases.remove(*case), true, diagnostics));
            }
        }
    }

    /// All of these are refused, with the words expected and no others.
    fn refused(&self, cases: &[Case], report: &mut Report) -> Result<(), String> {
        let (said, lost) = self.compile(cases, true)?;
        report.finds.extend(lost.iter().map(|diagnostic| format!("in no case: {}", diagnostic.rendered)));
        for (index, case) in cases.iter().enumerate() {
            let diagnostics = said.get(&index).map_or(&[][..], Vec::as_slice);
            let missing = case.expected.iter().filter(|expected| {
                !diagnostics.iter().any(|diagnostic| diagnostic.message.contains(expected.message))
            });
            let is_right =
                missing.count() == 0 && diagnostics.iter().all(|diagnostic| is_expected(case, diagnostic));
            if is_right {
                report.refused += 1;
            } else {
                report.finds.push(self.tell(case, true, diagnostics));
            }
        }
        Ok(())
    }

    fn tell(&self, case: &Case, annotated: bool, diagnostics: &[Diagnostic]) -> String {
        let said: String = diagnostics.iter().map(|diagnostic| diagnostic.rendered.as_str()).collect();
        let expected: Vec<_> = case.expected.iter().map(|expected| expected.message).collect();
        let (seed, number) = (self.seed, case.number);
        format!(
            "--seed {seed} --first {number} --count 1\nexpected: {expected:?}\n{}\nrustc says:\n{said}",
            case.source(annotated)
        )
    }
}

/// Whether it is one of the refusals expected, and where the user can do something about it.
fn is_expected(case: &Case, diagnostic: &Diagnostic) -> bool {
    let ours = diagnostic.code.is_empty() || diagnostic.code == "E0277";
    let generated =
        ["__mainstay", "__private", "__MAINSTAY"].iter().any(|word| diagnostic.message.contains(word));
    diagnostic.is_error
        && ours
        && !generated
        && !diagnostic.underlined.is_empty()
        && case.expected.iter().any(|expected| diagnostic.message.contains(expected.message))
}
