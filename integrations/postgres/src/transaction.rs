use std::time::Duration;

use mainstay_runtime::{
    idempotent::{Claim, Reserved, Token, TransactionalStore},
    store::{BoxFuture, StoreError, StoreErrorKind},
};
use sqlx::{Connection, Postgres, Transaction, postgres::PgConnection};

use crate::{
    PostgresStore,
    listener::Watching,
    problem::Trouble,
    step::{Outcome, Step, Wanted, micros},
};

impl PostgresStore {
    /// Outside a transaction the claim would be given back, and its record committed, at the end of its own statement.
    async fn must_be_within(&self, connection: &mut PgConnection) -> Result<(), StoreError> {
        // One that sqlx did not begin it does not know of; the server does, at the price of two round trips.
        if !connection.is_in_transaction() {
            for text in ["SAVEPOINT mainstay", "RELEASE SAVEPOINT mainstay"] {
                let asked = sqlx::raw_sql(text).execute(&mut *connection).await;
                asked.map_err(|error| self.shared.place.told("reserve", Trouble::Told(error)))?;
            }
        }
        Ok(())
    }

    async fn reserve_within(
        &self,
        connection: &mut PgConnection,
        claim: Claim<'_>,
    ) -> Result<Reserved, StoreError> {
        let step = Step::Reserve(Wanted::of(&self.shared.names, claim, true));
        match self.within(connection, "reserve", step).await? {
            Outcome::Reserved(reserved) => Ok(reserved),
            other => Err(self.shared.unexpected("reserve", &other)),
        }
    }

    async fn within(
        &self,
        connection: &mut PgConnection,
        operation: &'static str,
        step: Step,
    ) -> Result<Outcome, StoreError> {
        let shared = &self.shared;
        let outcome = step.run(connection, &shared.names, &shared.statements).await;
        outcome.map_err(|error| shared.place.told(operation, Trouble::Told(error)))
    }

    async fn done_within(
        &self,
        connection: &mut PgConnection,
        operation: &'static str,
        step: Step,
    ) -> Result<bool, StoreError> {
        match self.within(connection, operation, step).await? {
            Outcome::Done(done) => Ok(done),
            other => Err(self.shared.unexpected(operation, &other)),
        }
    }
}

/// The call of which the record says that it runs.
fn running(reserved: &Reserved) -> Option<Token> {
    match reserved {
        Reserved::InFlight { token, .. } if token.0 != 0 => Some(*token),
        _ => None,
    }
}

/// Claim, effect and completion in one transaction of the caller's, which must have begun.
///
/// From the claim to the end of the transaction every other call with the key gets [`Reserved::InFlight`] with token 0 and a
/// guess of one second, also where the key was given back with `release_in`. A commit makes effect and record visible together; a
/// rollback, a crash of the process and a crash of the server give the key back.
///
/// Under `REPEATABLE READ` and `SERIALIZABLE` a claim whose key was used after the transaction took its snapshot fails, as any
/// statement does there (SQLSTATE 40001): roll back, and begin anew.
impl TransactionalStore<PgConnection> for PostgresStore {
    fn reserve_in<'a>(
        &'a self,
        transaction: &'a mut PgConnection,
        claim: Claim<'a>,
    ) -> BoxFuture<'a, Result<Reserved, StoreError>> {
        Box::pin(async move {
            self.must_be_within(transaction).await?;
            let reserved = self.reserve_within(transaction, claim).await?;
            let Some(seen) = running(&reserved) else { return Ok(reserved) };
            let marks = self.shared.names.marks(claim.key);
            if !matches!(self.listener.watch(&self.shared, marks, seen).await, Watching::Over) {
                return Ok(reserved);
            }
            // It is over meanwhile. Who sees it run all the same will see it run for ever.
            let again = self.reserve_within(transaction, claim).await?;
            if running(&again) == Some(seen) {
                let problem = "the transaction's snapshot is older than the end of the call that it sees in flight; \
                               roll back and begin the transaction anew";
                return Err(self.shared.place.error("reserve", StoreErrorKind::Unavailable, problem));
            }
            Ok(again)
        })
    }

    fn complete_in<'a>(
        &'a self,
        transaction: &'a mut PgConnection,
        key: &'a str,
        token: Token,
        record: &'a [u8],
        ttl: Duration,
    ) -> BoxFuture<'a, Result<bool, StoreError>> {
        let marks = self.shared.names.marks(key);
        Box::pin(async move {
            let step = Step::Complete { marks, token, record: record.to_vec(), ttl: micros(ttl) };
            self.done_within(transaction, "complete", step).await
        })
    }

    fn release_in<'a>(
        &'a self,
        transaction: &'a mut PgConnection,
        key: &'a str,
        token: Token,
    ) -> BoxFuture<'a, Result<bool, StoreError>> {
        let marks = self.shared.names.marks(key);
        Box::pin(self.done_within(transaction, "release", Step::Release { marks, token }))
    }
}

/// As for a [`PgConnection`].
impl<'c> TransactionalStore<Transaction<'c, Postgres>> for PostgresStore {
    fn reserve_in<'a>(
        &'a self,
        transaction: &'a mut Transaction<'c, Postgres>,
        claim: Claim<'a>,
    ) -> BoxFuture<'a, Result<Reserved, StoreError>> {
        self.reserve_in(&mut **transaction, claim)
    }

    fn complete_in<'a>(
        &'a self,
        transaction: &'a mut Transaction<'c, Postgres>,
        key: &'a str,
        token: Token,
        record: &'a [u8],
        ttl: Duration,
    ) -> BoxFuture<'a, Result<bool, StoreError>> {
        self.complete_in(&mut **transaction, key, token, record, ttl)
    }

    fn release_in<'a>(
        &'a self,
        transaction: &'a mut Transaction<'c, Postgres>,
        key: &'a str,
        token: Token,
    ) -> BoxFuture<'a, Result<bool, StoreError>> {
        self.release_in(&mut **transaction, key, token)
    }
}
