use std::{fmt, str::FromStr};

/// Anything that is wrong, as a sentence.
pub(crate) type Outcome<T> = Result<T, String>;

/// Where records are kept, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Store {
    /// In Redis, by leases. Append-only persistence, every write on disk before it is answered.
    Redis,
    /// In PostgreSQL, by leases.
    Postgres,
    /// In PostgreSQL, within the transaction that makes the effect.
    Transaction,
}

impl Store {
    const ALL: [Self; 3] = [Self::Redis, Self::Postgres, Self::Transaction];
}

impl fmt::Display for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Redis => "redis",
            Self::Postgres => "postgres",
            Self::Transaction => "transaction",
        })
    }
}

impl FromStr for Store {
    type Err = String;

    fn from_str(text: &str) -> Outcome<Self> {
        let known = Self::ALL.into_iter().find(|store| store.to_string() == text);
        known.ok_or_else(|| format!("no store `{text}`; there are redis, postgres and transaction"))
    }
}

/// What is asked for.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub(crate) operations: u32,
    pub(crate) keys: u32,
    pub(crate) processes: u32,
    pub(crate) seed: u64,
    pub(crate) stores: Vec<Store>,
}

impl Plan {
    pub(crate) fn read(arguments: &[String]) -> Outcome<Self> {
        let mut plan = Self {
            operations: 20_000,
            keys: 4000,
            processes: 8,
            seed: fastrand::u64(..),
            stores: Vec::new(),
        };
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            let mut number = || {
                let text = arguments.next().ok_or_else(|| format!("`{argument}` needs a number"))?;
                text.parse::<u64>().map_err(|_| format!("`{argument} {text}`: not a whole number"))
            };
            let small = |number: u64| u32::try_from(number).map_err(|_| format!("{number} is too large"));
            match argument.as_str() {
                "--operations" => plan.operations = small(number()?)?,
                "--keys" => plan.keys = small(number()?)?,
                "--processes" => plan.processes = small(number()?)?,
                "--seed" => plan.seed = number()?,
                store => plan.stores.push(store.parse()?),
            }
        }
        if plan.keys == 0 || plan.processes == 0 || plan.operations < plan.keys {
            return Err("there must be a process, a key, and an operation for each key".to_owned());
        }
        if plan.stores.is_empty() {
            plan.stores = Store::ALL.to_vec();
        }
        Ok(plan)
    }

    /// The key that an operation is about.
    pub(crate) fn key_of(&self, operation: u32) -> u32 {
        operation % self.keys
    }

    /// The process that carries an operation out. Those of one key are spread over several.
    pub(crate) fn process_of(&self, operation: u32) -> u32 {
        let mixed = (u64::from(operation) ^ self.seed).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        (mixed >> 40) as u32 % self.processes
    }
}
