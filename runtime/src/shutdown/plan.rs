//! Which handler comes after which.

use super::{ShutdownError, entry::Entry};
use crate::Name;

/// Whether `new` can be one more of `known`. Names that it comes after may still be unknown.
pub(super) fn check_new(known: &[Entry], new: &Entry) -> Result<(), ShutdownError> {
    if let Some(first) = known.iter().find(|entry| entry.name == new.name) {
        return Err(ShutdownError::Duplicate {
            name: new.name.clone(),
            place: new.place,
            first: first.place,
        });
    }
    let all: Vec<&Entry> = known.iter().chain([new]).collect();
    check_phases(&all)?;
    check_cycles(&all)
}

/// Whether all that any comes after is there.
pub(super) fn check_known(all: &[Entry]) -> Result<(), ShutdownError> {
    for entry in all {
        if let Some(after) = entry.after.iter().find(|after| find(all.iter(), after).is_none()) {
            let known = all.iter().filter(|other| other.id != entry.id).map(|other| other.name.clone());
            return Err(ShutdownError::UnknownAfter {
                name: entry.name.clone(),
                place: entry.place,
                after: after.clone(),
                known: known.collect(),
            });
        }
    }
    Ok(())
}

fn find<'e>(mut all: impl Iterator<Item = &'e Entry>, name: &Name) -> Option<&'e Entry> {
    all.find(|entry| entry.name == *name)
}

fn check_phases(all: &[&Entry]) -> Result<(), ShutdownError> {
    for entry in all {
        for after in &entry.after {
            if let Some(other) = find(all.iter().copied(), after)
                && other.phase > entry.phase
            {
                return Err(ShutdownError::LaterPhase {
                    name: entry.name.clone(),
                    place: entry.place,
                    phase: entry.phase,
                    after: other.name.clone(),
                    later: other.phase,
                });
            }
        }
    }
    Ok(())
}

fn check_cycles(all: &[&Entry]) -> Result<(), ShutdownError> {
    let mut done = vec![false; all.len()];
    for start in 0..all.len() {
        let mut path = Vec::new();
        if let Some(cycle) = search(all, start, &mut done, &mut path) {
            let names = cycle.iter().map(|index| all[*index].name.clone()).collect();
            return Err(ShutdownError::Cycle { names, place: all[cycle[0]].place });
        }
    }
    Ok(())
}

/// Goes along every `after` from `at`; the members of the first cycle that is met.
fn search(all: &[&Entry], at: usize, done: &mut [bool], path: &mut Vec<usize>) -> Option<Vec<usize>> {
    if let Some(begins) = path.iter().position(|index| *index == at) {
        return Some(path[begins..].to_vec());
    }
    if done[at] {
        return None;
    }
    path.push(at);
    for after in &all[at].after {
        if let Some(next) = all.iter().position(|entry| entry.name == *after)
            && let Some(cycle) = search(all, next, done, path)
        {
            return Some(cycle);
        }
    }
    path.pop();
    done[at] = true;
    None
}
