use std::{sync::Arc, time::Duration};

use mainstay_runtime::{
    idempotent::{Claim, Reserved, Token},
    store::Fingerprint,
};
use sqlx::{AssertSqlSafe, Postgres, Row, postgres::PgConnection, query::Query};

use crate::{
    names::{Marks, Names},
    statements::{Statements, answer},
};

/// One step, with everything it needs, so that it can be done on another thread and tried again.
#[derive(Debug)]
pub(crate) enum Step {
    Reserve(Wanted),
    Renew { marks: Marks, token: Token, lease: i64 },
    Complete { marks: Marks, token: Token, record: Vec<u8>, ttl: i64 },
    Release { marks: Marks, token: Token },
    Sweep { at_most: i64 },
    Ping,
}

/// What a call claims.
#[derive(Debug)]
pub(crate) struct Wanted {
    marks: Marks,
    /// The key for the eyes of whoever looks at the table.
    key: String,
    /// By which a claim that is tried again knows itself.
    claim: i64,
    fingerprint: Option<Fingerprint>,
    lease: i64,
    ttl: i64,
    /// Within a transaction of the caller's.
    within: bool,
}

/// What came of a step.
#[derive(Debug)]
pub(crate) enum Outcome {
    Reserved(Reserved),
    Done(bool),
    Swept(u64),
    /// The version of the tables, and whether the server takes no writes.
    Pong(Option<i32>, bool),
    /// Others changed the record meanwhile, again and again.
    Contended,
}

/// What is told as left of a lease where a transaction has the key: when it ends nobody knows.
pub(crate) const HELD: Duration = Duration::from_secs(1);
/// A claim that meets a change sees it the next time; so many of them at once do not happen.
const TRIES: usize = 20;
/// A thousand years, which PostgreSQL's clock can still count to.
const FOREVER: i64 = 1000 * 365 * 86_400 * 1_000_000;
/// So much of a key is shown in the table.
const SHOWN: usize = 500;

pub(crate) fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).map_or(FOREVER, |micros| micros.min(FOREVER))
}

fn signed(token: Token) -> i64 {
    // A token beyond that was never drawn from a sequence.
    i64::try_from(token.0).unwrap_or(-1)
}

impl Wanted {
    pub(crate) fn of(names: &Names, claim: Claim<'_>, within: bool) -> Self {
        let Claim { key, fingerprint, lease, ttl } = claim;
        Self {
            marks: names.marks(key),
            key: key.chars().take(SHOWN).map(|c| if c == '\0' { '\u{fffd}' } else { c }).collect(),
            claim: fastrand::i64(..),
            fingerprint,
            lease: micros(lease),
            ttl: micros(ttl),
            within,
        }
    }

    async fn run(
        &self,
        connection: &mut PgConnection,
        statements: &Statements,
    ) -> Result<Outcome, sqlx::Error> {
        let text = if self.within { &statements.reserve_in } else { &statements.reserve };
        for _ in 0..TRIES {
            let row = query(text)
                .bind(&self.marks.id[..])
                .bind(&self.key)
                .bind(self.claim)
                .bind(self.fingerprint.as_ref().map(|print| &print.0[..]))
                .bind(self.lease)
                .bind(self.ttl)
                .bind(self.marks.gate)
                .bind(self.marks.line)
                .fetch_optional(&mut *connection)
                .await?;
            // None: the record came or changed after the statement's snapshot was taken. The next one has it.
            let Some(row) = row else { continue };
            let token = Token(row.try_get::<i64, _>("token")?.unsigned_abs());
            return Ok(Outcome::Reserved(match row.try_get::<i32, _>("answer")? {
                answer::CLAIMED => Reserved::Claimed { token, took_over: row.try_get("took_over")? },
                answer::RUNNING => {
                    let left = row.try_get::<i64, _>("left_us")?;
                    let lease_left = Duration::from_micros(u64::try_from(left).unwrap_or(0));
                    Reserved::InFlight { token, lease_left }
                }
                answer::COMPLETED => Reserved::Completed { record: row.try_get("record")? },
                answer::REUSED => Reserved::KeyReused,
                answer::HELD => Reserved::InFlight { token: Token(0), lease_left: HELD },
                other => return Err(sqlx::Error::Protocol(format!("no claim is answered with {other}"))),
            }));
        }
        Ok(Outcome::Contended)
    }
}

fn query(text: &Arc<str>) -> Query<'static, Postgres, sqlx::postgres::PgArguments> {
    // Written in `statements`, with names that were quoted.
    sqlx::query(AssertSqlSafe(Arc::clone(text)))
}

impl Step {
    /// Whether it settles a call that has run: worth more patience than a claim, behind which nothing has happened yet.
    pub(crate) fn settles(&self) -> bool {
        matches!(self, Self::Renew { .. } | Self::Complete { .. } | Self::Release { .. })
    }

    pub(crate) async fn run(
        &self,
        connection: &mut PgConnection,
        names: &Names,
        statements: &Statements,
    ) -> Result<Outcome, sqlx::Error> {
        match self {
            Self::Reserve(wanted) => wanted.run(connection, statements).await,
            Self::Renew { marks, token, lease } => {
                let renew = query(&statements.renew).bind(&marks.id[..]).bind(signed(*token)).bind(lease);
                Ok(Outcome::Done(renew.execute(connection).await?.rows_affected() == 1))
            }
            Self::Complete { marks, token, record, ttl } => {
                let complete = || end(&statements.complete, names, marks, *token).bind(record).bind(ttl);
                let done = told(complete(), connection).await?;
                // Where the same completion was on its way twice, the second has to look again to see the first.
                Ok(Outcome::Done(done || told(complete(), connection).await?))
            }
            Self::Release { marks, token } => {
                Ok(Outcome::Done(told(end(&statements.release, names, marks, *token), connection).await?))
            }
            Self::Sweep { at_most } => {
                let sweep = query(&statements.sweep).bind(at_most);
                Ok(Outcome::Swept(sweep.execute(connection).await?.rows_affected()))
            }
            Self::Ping => {
                let row = query(&statements.ping).fetch_one(connection).await?;
                Ok(Outcome::Pong(row.try_get(0)?, row.try_get(1)?))
            }
        }
    }
}

type Bound<'q> = Query<'q, Postgres, sqlx::postgres::PgArguments>;

fn end(text: &Arc<str>, names: &Names, marks: &Marks, token: Token) -> Bound<'static> {
    let end = query(text).bind(marks.id.to_vec()).bind(signed(token));
    end.bind(names.channel()).bind(payload(marks)).bind(marks.bell)
}

async fn told(end: Bound<'_>, connection: &mut PgConnection) -> Result<bool, sqlx::Error> {
    end.fetch_one(connection).await?.try_get(1)
}

/// What is told of a key: always short, whatever the key.
pub(crate) fn payload(marks: &Marks) -> String {
    format!("{:016x}", marks.bell)
}

impl Step {
    pub(crate) fn marks(&self) -> Option<Marks> {
        match self {
            Self::Reserve(Wanted { marks, .. })
            | Self::Renew { marks, .. }
            | Self::Complete { marks, .. }
            | Self::Release { marks, .. } => Some(*marks),
            Self::Sweep { .. } | Self::Ping => None,
        }
    }
}
