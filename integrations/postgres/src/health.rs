use std::borrow::Cow;

use mainstay_runtime::{
    health::{CheckOptions, Health, HealthCheck},
    store::Store,
};
use sqlx::PgPool;

use crate::PostgresStore;

/// Whether the server answers, takes writes and knows the store's tables; beside it how many connections there are. It is asked
/// for readiness.
impl HealthCheck for PostgresStore {
    async fn check(&self) -> Health {
        let (open, idle) = self.shared.source.sizes();
        Health::from(self.ping().await).with("connections", open).with("idle", idle)
    }

    fn name() -> Cow<'static, str> {
        "postgres".into()
    }

    fn options() -> CheckOptions {
        CheckOptions::new().ready()
    }
}

/// Whether the database behind a pool of yours answers `SELECT 1`; beside it how many connections the pool has, how many of
/// them are idle, and how many it may have.
///
/// ```no_run
/// use mainstay_postgres::{DatabaseHealthCheck, sqlx::PgPool};
/// use mainstay_runtime::health::checks;
///
/// # async fn example() -> Result<(), mainstay_postgres::sqlx::Error> {
/// let pool = PgPool::connect("postgres://app@db.internal/shop").await?;
/// checks().add_check(DatabaseHealthCheck::new(pool));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct DatabaseHealthCheck(PgPool);

impl DatabaseHealthCheck {
    /// A check of this pool.
    pub const fn new(pool: PgPool) -> Self {
        Self(pool)
    }
}

impl HealthCheck for DatabaseHealthCheck {
    async fn check(&self) -> Health {
        let answer = sqlx::query("SELECT 1").execute(&self.0).await.map(drop);
        Health::from(answer)
            .with("connections", self.0.size())
            .with("idle", self.0.num_idle())
            .with("max_connections", self.0.options().get_max_connections())
    }

    fn name() -> Cow<'static, str> {
        "database".into()
    }

    fn options() -> CheckOptions {
        CheckOptions::new().ready()
    }
}
