use super::{Entry, Problem};

/// What a source says: values, and what of it cannot be read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Said {
    pub(super) entries: Vec<Entry>,
    pub(super) problems: Vec<Problem>,
}

impl Said {
    /// Nothing.
    pub const fn new() -> Self {
        Self { entries: Vec::new(), problems: Vec::new() }
    }

    /// Sets a value. Of several for one option at one level the last counts.
    pub fn set(&mut self, entry: Entry) {
        self.entries.push(entry);
    }

    /// Tells of something that cannot be read.
    pub fn fail(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    /// The values.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// What cannot be read.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    pub(super) fn and(mut self, later: Self) -> Self {
        self.entries.extend(later.entries);
        self.problems.extend(later.problems);
        self
    }
}

impl From<Vec<Entry>> for Said {
    fn from(entries: Vec<Entry>) -> Self {
        Self { entries, problems: Vec::new() }
    }
}

impl From<Problem> for Said {
    fn from(problem: Problem) -> Self {
        Self { entries: Vec::new(), problems: vec![problem] }
    }
}
