use std::{
    collections::{BTreeMap, HashMap, HashSet},
    path::Path,
};

use crate::{
    lines,
    plan::{Outcome, Plan, Store},
    run::Run,
};

/// What the ledger and the answers say when all is done.
#[derive(Debug, Default)]
pub(crate) struct Books {
    pub(crate) effects: usize,
    /// Keys without an effect.
    pub(crate) lost: usize,
    /// Keys with more than one.
    pub(crate) twice: usize,
    /// Effects beyond the one that was answered, of processes that neither were killed, nor told that they are unrecorded or
    /// late.
    pub(crate) unexplained: usize,
    /// Keys whose callers got different answers, or one that is no effect.
    pub(crate) differing: usize,
    /// Operations without an answer.
    pub(crate) unanswered: usize,
    /// Calls that were told that their effect is not recorded.
    pub(crate) unrecorded: usize,
    /// Calls whose answer was refused because another had taken over their lease.
    pub(crate) late: usize,
}

/// One effect in the ledger.
struct Effect {
    number: u64,
    life: u64,
}

impl Books {
    pub(crate) fn close(plan: &Plan, folder: &Path, run: &Run<'_>, ledger: Vec<Vec<u64>>) -> Outcome<Self> {
        let mut effects: HashMap<u64, Vec<Effect>> = HashMap::new();
        for line in &ledger {
            let [key, number, life] = line[..] else { return Err(format!("a line of the ledger: {line:?}")) };
            effects.entry(key).or_default().push(Effect { number, life });
        }
        let mut answers: BTreeMap<u64, HashSet<u64>> = BTreeMap::new();
        let mut answered = HashSet::new();
        for process in 0..plan.processes {
            for line in lines::read(&lines::answers(folder, process))? {
                let [operation, number] = line[..] else { return Err(format!("an answer: {line:?}")) };
                answered.insert(operation);
                answers.entry(operation % u64::from(plan.keys)).or_default().insert(number);
            }
        }
        let unrecorded = lines::read(&lines::unrecorded(folder))?;
        let late = lines::read(&lines::late(folder))?;
        let told: HashSet<(u64, u64)> =
            unrecorded.iter().chain(&late).filter_map(|line| Some((*line.first()?, *line.get(1)?))).collect();

        let mut books = Self {
            effects: ledger.len(),
            unanswered: plan.operations as usize - answered.len(),
            unrecorded: unrecorded.len(),
            late: late.len(),
            ..Self::default()
        };
        let none = Vec::new();
        for key in 0..u64::from(plan.keys) {
            let effects = effects.get(&key).unwrap_or(&none);
            books.lost += usize::from(effects.is_empty());
            books.twice += usize::from(effects.len() > 1);
            let given = answers.get(&key);
            let is_effect = |number: &u64| effects.iter().any(|effect| effect.number == *number);
            let one = given.is_some_and(|given| given.len() == 1 && given.iter().all(is_effect));
            books.differing += usize::from(!one);
            let beyond =
                effects.iter().filter(|effect| given.is_none_or(|given| !given.contains(&effect.number)));
            let unexplained = beyond
                .filter(|effect| !run.killed.contains(&effect.life) && !told.contains(&(key, effect.life)));
            books.unexplained += unexplained.count();
        }
        Ok(books)
    }

    /// What must not be.
    pub(crate) fn problems(&self, store: Store) -> Vec<String> {
        let mut problems = Vec::new();
        let mut must_be_none = |count: usize, what: &str| {
            if count > 0 {
                problems.push(format!("{count} {what}"));
            }
        };
        must_be_none(self.lost, "keys without an effect");
        must_be_none(self.unanswered, "operations without an answer");
        must_be_none(self.differing, "keys whose callers got different answers");
        must_be_none(
            self.unexplained,
            "effects that neither a kill, an `Unrecorded` nor a lost lease explains",
        );
        if store == Store::Transaction {
            must_be_none(self.twice, "keys with an effect more than once, in transactions");
        }
        problems
    }
}
