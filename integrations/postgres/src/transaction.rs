use std::time::Duration;

use mainstay_runtime::{
    idempotent::{Claim, Reserved, Token, TransactionalStore},
    store::{BoxFuture, StoreError},
};
use sqlx::{Connection, Postgres, Transaction, postgres::PgConnection};

use crate::{
    PostgresStore,
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

/// Claim, effect and completion in one transaction of the caller's, which must have begun.
///
/// From the claim to the end of the transaction every other call with the key gets [`Reserved::InFlight`] with token 0 and a
/// guess of one second, also where the key was given back with `release_in`. A commit makes effect and record visible together; a
/// rollback, a crash of the process and a crash of the server give the key back.
///
/// Under `REPEATABLE READ` and `SERIALIZABLE` a claim whose key was used after the transaction took its snapshot fails with
/// SQLSTATE 40001, as any statement does there: roll back, and begin anew.
impl TransactionalStore<PgConnection> for PostgresStore {
    fn reserve_in<'a>(
        &'a self,
        transaction: &'a mut PgConnection,
        claim: Claim<'a>,
    ) -> BoxFuture<'a, Result<Reserved, StoreError>> {
        Box::pin(async move {
            let step = Step::Reserve(Wanted::of(&self.shared.names, claim, true));
            self.must_be_within(transaction).await?;
            match self.within(transaction, "reserve", step).await? {
                Outcome::Reserved(reserved) => Ok(reserved),
                other => Err(self.shared.unexpected("reserve", &other)),
            }
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
