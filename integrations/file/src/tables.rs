use mainstay_runtime::store::Fingerprint;
use redb::{ReadableTable, StorageError, Table, TableDefinition, TableError, WriteTransaction};

/// Token, end of the lease (none: completed), when the record is forgotten, fingerprint, what the call gave.
type Row = (u64, Option<u64>, u64, Option<[u8; 32]>, &'static [u8]);

pub(crate) const RECORDS: TableDefinition<'static, &'static str, Row> = TableDefinition::new("records");
/// The records in the order in which they are forgotten.
const EXPIRY: TableDefinition<'static, (u64, &'static str), ()> = TableDefinition::new("expiry");
/// The last token, and the version of all this.
pub(crate) const META: TableDefinition<'static, &'static str, u64> = TableDefinition::new("mainstay");

pub(crate) const FORMAT: &str = "format";
const TOKEN: &str = "token";

/// A record as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Kept {
    pub(crate) token: u64,
    pub(crate) lease_end: Option<u64>,
    pub(crate) expires: u64,
    pub(crate) fingerprint: Option<Fingerprint>,
    pub(crate) record: Vec<u8>,
}

/// The record under the key, also one that has expired.
pub(crate) fn read(
    records: &impl ReadableTable<&'static str, Row>,
    key: &str,
) -> Result<Option<Kept>, StorageError> {
    Ok(records.get(key)?.map(|row| {
        let (token, lease_end, expires, fingerprint, record) = row.value();
        Kept { token, lease_end, expires, fingerprint: fingerprint.map(Fingerprint), record: record.to_vec() }
    }))
}

/// The tables within a transaction that writes.
pub(crate) struct Tables<'t> {
    records: Table<'t, &'static str, Row>,
    expiry: Table<'t, (u64, &'static str), ()>,
    meta: Table<'t, &'static str, u64>,
}

impl<'t> Tables<'t> {
    pub(crate) fn open(transaction: &'t WriteTransaction) -> Result<Self, TableError> {
        Ok(Self {
            records: transaction.open_table(RECORDS)?,
            expiry: transaction.open_table(EXPIRY)?,
            meta: transaction.open_table(META)?,
        })
    }

    pub(crate) fn set_format(&mut self, version: u64) -> Result<(), StorageError> {
        self.meta.insert(FORMAT, version).map(drop)
    }

    pub(crate) fn read(&self, key: &str) -> Result<Option<Kept>, StorageError> {
        read(&self.records, key)
    }

    pub(crate) fn len(&self) -> Result<u64, StorageError> {
        redb::ReadableTableMetadata::len(&self.records)
    }

    /// A token greater than all before it.
    pub(crate) fn next_token(&mut self) -> Result<u64, StorageError> {
        let token = self.meta.get(TOKEN)?.map_or(0, |last| last.value()) + 1;
        self.meta.insert(TOKEN, token)?;
        Ok(token)
    }

    /// Puts the record in the place of `before`.
    pub(crate) fn put(&mut self, key: &str, before: Option<&Kept>, kept: &Kept) -> Result<(), StorageError> {
        if let Some(before) = before {
            self.expiry.remove((before.expires, key))?;
        }
        self.expiry.insert((kept.expires, key), ())?;
        let fingerprint = kept.fingerprint.map(|Fingerprint(digest)| digest);
        let row = (kept.token, kept.lease_end, kept.expires, fingerprint, kept.record.as_slice());
        self.records.insert(key, row).map(drop)
    }

    pub(crate) fn remove(&mut self, key: &str, kept: &Kept) -> Result<(), StorageError> {
        self.expiry.remove((kept.expires, key))?;
        self.records.remove(key).map(drop)
    }

    /// Forgets records that have expired, not more than `at_most`. Gives how many.
    pub(crate) fn sweep(&mut self, now: u64, at_most: usize) -> Result<usize, StorageError> {
        for swept in 0..at_most {
            let expired = match self.expiry.first()? {
                Some((key, _)) => {
                    let (expires, key) = key.value();
                    (expires <= now).then(|| (expires, key.to_owned()))
                }
                None => None,
            };
            let Some((expires, key)) = expired else { return Ok(swept) };
            self.expiry.remove((expires, key.as_str()))?;
            self.records.remove(key.as_str())?;
        }
        Ok(at_most)
    }
}
