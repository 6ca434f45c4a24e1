use mainstay_runtime::store::{StoreError, StoreErrorKind};
use sha2::{Digest, Sha256};

/// What the store's things are called in the database.
#[derive(Debug, Clone)]
pub(crate) struct Names {
    pub(crate) schema: String,
    pub(crate) table: String,
}

/// By which a key is known in the database: digests, because a key may be of any length and hold any character.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Marks {
    /// The row.
    pub(crate) id: [u8; 32],
    /// The advisory lock that a transaction holds which has the key, and that every claim looks at.
    pub(crate) gate: i64,
    /// The advisory lock by which claims outside a transaction of the caller's come one after the other.
    pub(crate) line: i64,
    /// The advisory lock that is held by who waits for a change.
    pub(crate) bell: i64,
}

/// Leaves room for what is put behind it within PostgreSQL's 63 bytes.
const LONGEST: usize = 45;

impl Names {
    pub(crate) fn check(&self, store: &str) -> Result<(), StoreError> {
        for (option, name) in [("schema", &self.schema), ("table", &self.table)] {
            if name.is_empty() || name.len() > LONGEST || name.contains('\0') {
                let problem = format!("`{option}` is {name:?}; it has 1 to {LONGEST} bytes, and no NUL");
                return Err(StoreError::new(StoreErrorKind::Refused, store, "connect", problem));
            }
        }
        Ok(())
    }

    pub(crate) fn table(&self) -> String {
        self.quoted("")
    }

    pub(crate) fn tokens(&self) -> String {
        self.quoted("_tokens")
    }

    pub(crate) fn migrations(&self) -> String {
        self.quoted("_migrations")
    }

    fn quoted(&self, ending: &str) -> String {
        format!("{}.{}", quote(&self.schema), quote(&format!("{}{ending}", self.table)))
    }

    /// Where changes are told.
    pub(crate) fn channel(&self) -> String {
        format!("mainstay_{:016x}", self.number("channel"))
    }

    /// The advisory lock under which migrations run.
    pub(crate) fn migrating(&self) -> i64 {
        self.number("migrate")
    }

    fn number(&self, what: &str) -> i64 {
        part(&self.digest(what, &[]), 0)
    }

    fn digest(&self, what: &str, rest: &[u8]) -> [u8; 32] {
        let mut digest = Sha256::new();
        for part in [what, &self.schema, &self.table] {
            digest.update(part);
            digest.update([0]);
        }
        digest.update(rest);
        digest.finalize().into()
    }

    pub(crate) fn marks(&self, key: &str) -> Marks {
        let id: [u8; 32] = Sha256::digest(key).into();
        // Advisory locks are the whole database's: two tables must not meet on them.
        let locks = self.digest("key", &id);
        Marks { id, gate: part(&locks, 0), line: part(&locks, 1), bell: part(&locks, 2) }
    }
}

fn part(digest: &[u8; 32], nth: usize) -> i64 {
    let mut bytes = [0; 8];
    bytes.copy_from_slice(&digest[8 * nth..8 * (nth + 1)]);
    i64::from_be_bytes(bytes)
}

pub(crate) fn quote(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(schema: &str, table: &str) -> Names {
        Names { schema: schema.into(), table: table.into() }
    }

    #[test]
    fn names_are_quoted() {
        let odd = names("a\"b", "Calls; drop table x");
        assert_eq!(odd.tokens(), r#""a""b"."Calls; drop table x_tokens""#);
    }

    #[test]
    fn stores_in_two_tables_never_meet_on_a_lock() {
        let (one, two) = (names("a", "bc").marks("key"), names("ab", "c").marks("key"));
        assert_eq!(one.id, two.id);
        let locks = [one.gate, one.line, one.bell, two.gate, two.line, two.bell];
        assert_eq!(locks.iter().collect::<std::collections::BTreeSet<_>>().len(), 6);
    }

    #[test]
    fn names_that_the_database_would_cut_are_refused() {
        let long = "x".repeat(46);
        for (schema, table) in [("", "t"), ("s", long.as_str()), ("a\0b", "t")] {
            let error = names(schema, table).check("postgres").unwrap_err();
            assert!(error.problem().contains("1 to 45 bytes"), "{error}");
        }
    }
}
