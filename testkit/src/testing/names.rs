//! Who has the policies of a name for itself. They are the program's: two tests that force them must take turns.

use std::{
    collections::BTreeMap,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    thread::{self, ThreadId},
};

#[derive(Default)]
struct Held {
    by_name: BTreeMap<String, (u64, ThreadId)>,
    /// What each scope that waits, waits for.
    waiting: BTreeMap<u64, String>,
}

static HELD: Mutex<Held> = Mutex::new(Held { by_name: BTreeMap::new(), waiting: BTreeMap::new() });
static FREED: Condvar = Condvar::new();

fn held() -> MutexGuard<'static, Held> {
    HELD.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Waits until `scope` has `name` for itself; whether it had it not before.
///
/// # Errors
/// Nobody could go on: the name is another scope's of this thread, or each waits for the other.
pub(super) fn take(scope: u64, name: &str) -> Result<bool, String> {
    let mut held = held();
    while let Some((owner, thread)) = held.by_name.get(name).copied() {
        if owner == scope {
            return Ok(false);
        }
        if thread == thread::current().id() {
            return Err(format!(
                "another scope of this thread has `{name}` for itself: end it first, or use one scope for both"
            ));
        }
        if held.leads_back(owner, scope) {
            return Err(format!(
                "this scope and another one each have what the other wants, here `{name}`: take all names at the start, by \
                 `testing::scope_of([…])`"
            ));
        }
        held.waiting.insert(scope, name.to_owned());
        held = FREED.wait(held).unwrap_or_else(PoisonError::into_inner);
        held.waiting.remove(&scope);
    }
    held.by_name.insert(name.to_owned(), (scope, thread::current().id()));
    Ok(true)
}

/// Gives all names of a scope back.
pub(super) fn give_back(scope: u64) {
    held().by_name.retain(|_, (owner, _)| *owner != scope);
    FREED.notify_all();
}

impl Held {
    /// Whether `owner` waits for something that waits, in the end, for `scope`.
    fn leads_back(&self, mut owner: u64, scope: u64) -> bool {
        // Each waits for one name, so this ends: a ring without `scope` would have been refused when it closed.
        for _ in 0..=self.waiting.len() {
            if owner == scope {
                return true;
            }
            let next = self.waiting.get(&owner).and_then(|name| self.by_name.get(name));
            match next {
                Some((next, _)) => owner = *next,
                None => return false,
            }
        }
        false
    }
}
