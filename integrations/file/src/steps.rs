use std::time::Duration;

use mainstay_runtime::{
    idempotent::{Claim, Reserved, Token},
    store::Fingerprint,
};
use redb::StorageError;

use crate::{
    tables::{Kept, Tables},
    time::micros,
};

/// One step on one key, to be done within a transaction.
#[derive(Debug)]
pub(crate) struct Step {
    pub(crate) key: Box<str>,
    pub(crate) what: What,
}

#[derive(Debug)]
pub(crate) enum What {
    Reserve { fingerprint: Option<Fingerprint>, lease: Duration, ttl: Duration },
    Renew { token: Token, lease: Duration },
    Complete { token: Token, record: Vec<u8>, ttl: Duration },
    Release { token: Token },
}

/// What came of a step.
#[derive(Debug)]
pub(crate) enum Outcome {
    Reserved(Reserved),
    Done(bool),
    /// There are as many records as there may be.
    Full,
}

/// An outcome, and whether the record changed by it.
pub(crate) type Told = (Outcome, bool);

/// A claim sweeps two records at most, so that each step takes a bounded time and the file does not grow for ever.
const SWEEP: usize = 2;
/// A claim that finds the store full sweeps more.
const SWEEP_FULL: usize = 1024;

impl Step {
    pub(crate) fn reserve(claim: Claim<'_>) -> Self {
        let Claim { key, fingerprint, lease, ttl } = claim;
        Self { key: key.into(), what: What::Reserve { fingerprint, lease, ttl } }
    }

    pub(crate) fn run(
        &self,
        tables: &mut Tables<'_>,
        now: u64,
        max_entries: u64,
    ) -> Result<Told, StorageError> {
        let key = &*self.key;
        let row = tables.read(key)?;
        let kept = row.as_ref().filter(|kept| kept.expires > now);
        match &self.what {
            What::Reserve { fingerprint, lease, ttl } => {
                if let Some(answer) = kept.and_then(|kept| kept.answer(*fingerprint, now)) {
                    return Ok((Outcome::Reserved(answer), false));
                }
                let full = row.is_none() && tables.len()? >= max_entries;
                if full && tables.sweep(now, SWEEP_FULL)? == 0 {
                    return Ok((Outcome::Full, false));
                }
                let token = tables.next_token()?;
                let lease_end = now.saturating_add(micros(*lease));
                let claimed = Kept {
                    token,
                    lease_end: Some(lease_end),
                    expires: lease_end.saturating_add(micros(*ttl)),
                    fingerprint: *fingerprint,
                    record: Vec::new(),
                };
                tables.put(key, row.as_ref(), &claimed)?;
                tables.sweep(now, SWEEP)?;
                let claimed = Reserved::Claimed { token: Token(token), took_over: kept.is_some() };
                Ok((Outcome::Reserved(claimed), true))
            }
            What::Renew { token, lease } => match kept {
                Some(kept @ Kept { lease_end: Some(before), .. }) if kept.token == token.0 => {
                    let lease_end = now.saturating_add(micros(*lease));
                    let expires = lease_end.saturating_add(kept.expires - *before);
                    let renewed = Kept { lease_end: Some(lease_end), expires, ..kept.clone() };
                    tables.put(key, Some(kept), &renewed)?;
                    Ok((Outcome::Done(true), false))
                }
                _ => Ok((Outcome::Done(false), false)),
            },
            What::Complete { token, record, ttl } => match kept {
                // The same completion once more: what is kept stays, because it may have been replayed.
                Some(Kept { lease_end: None, token: by, .. }) if *by == token.0 => {
                    Ok((Outcome::Done(true), false))
                }
                Some(kept) if kept.token == token.0 => {
                    let completed = Kept {
                        lease_end: None,
                        expires: now.saturating_add(micros(*ttl)),
                        record: record.clone(),
                        ..kept.clone()
                    };
                    tables.put(key, Some(kept), &completed)?;
                    Ok((Outcome::Done(true), true))
                }
                _ => Ok((Outcome::Done(false), false)),
            },
            What::Release { token } => match kept {
                Some(kept) if kept.token == token.0 && kept.lease_end.is_some() => {
                    tables.remove(key, kept)?;
                    Ok((Outcome::Done(true), true))
                }
                _ => Ok((Outcome::Done(false), false)),
            },
        }
    }
}

impl Kept {
    /// What a claim is told that finds this, which has not expired. `None`: the claim may have the key.
    pub(crate) fn answer(&self, fingerprint: Option<Fingerprint>, now: u64) -> Option<Reserved> {
        if let (Some(theirs), Some(ours)) = (self.fingerprint, fingerprint)
            && theirs != ours
        {
            return Some(Reserved::KeyReused);
        }
        match self.lease_end {
            None => Some(Reserved::Completed { record: self.record.clone() }),
            Some(end) if end > now => {
                let lease_left = Duration::from_micros(end - now);
                Some(Reserved::InFlight { token: Token(self.token), lease_left })
            }
            Some(_) => None,
        }
    }
}

impl Outcome {
    /// Whether the file is another after it.
    pub(crate) fn writes(&self) -> bool {
        matches!(self, Self::Reserved(Reserved::Claimed { .. }) | Self::Done(true))
    }
}
