use std::{ops::DerefMut, time::Duration};

use sqlx::{
    PgPool, Postgres,
    pool::PoolConnection,
    postgres::{PgConnectOptions, PgConnection},
};

use crate::{
    pool::{Held, Pool, connect},
    problem::Trouble,
};

/// Where connections come from.
#[derive(Debug)]
pub(crate) enum Source {
    Own(Box<Pool>),
    Theirs(PgPool),
}

/// A connection of either kind.
pub(crate) enum Connected {
    Own(Held),
    Theirs(PoolConnection<Postgres>),
}

/// How long it is looked why the caller's pool gave no connection.
const LOOK: Duration = Duration::from_secs(1);

impl Source {
    pub(crate) fn options(&self) -> PgConnectOptions {
        match self {
            Self::Own(pool) => pool.options.clone(),
            Self::Theirs(pool) => (*pool.connect_options()).clone(),
        }
    }

    /// How many connections there are, and how many of them are idle.
    pub(crate) fn sizes(&self) -> (usize, usize) {
        match self {
            Self::Own(pool) => pool.sizes(),
            Self::Theirs(pool) => (usize::try_from(pool.size()).unwrap_or(usize::MAX), pool.num_idle()),
        }
    }

    /// How long one may wait for a connection.
    pub(crate) fn patience(&self) -> Duration {
        match self {
            Self::Own(pool) => pool.patience,
            Self::Theirs(pool) => pool.options().get_acquire_timeout(),
        }
    }

    pub(crate) async fn acquire(&self) -> Result<Connected, Trouble> {
        match self {
            Self::Own(pool) => pool.acquire().await.map(Connected::Own),
            Self::Theirs(pool) => match pool.acquire().await {
                Ok(connection) => Ok(Connected::Theirs(connection)),
                Err(sqlx::Error::PoolTimedOut) => {
                    let options = self.options();
                    connect(&options, LOOK.min(self.patience())).await?;
                    let size = usize::try_from(pool.options().get_max_connections()).unwrap_or(usize::MAX);
                    Err(Trouble::Busy { size, after: self.patience() })
                }
                Err(error) => Err(Trouble::Told(error)),
            },
        }
    }

    /// For the next one. The server has answered on it.
    pub(crate) fn give_back(&self, connected: Connected) {
        match (self, connected) {
            (Self::Own(pool), Connected::Own(held)) => pool.give_back(held),
            (_, connected) => drop(connected),
        }
    }

    /// It has failed. Gives whether others that lie idle may have failed with it.
    pub(crate) fn discard(&self, connected: Connected) -> bool {
        match connected {
            Connected::Own(held) => {
                if let Self::Own(pool) = self {
                    pool.forget();
                }
                held.reused
            }
            Connected::Theirs(mut connection) => {
                connection.close_on_drop();
                true
            }
        }
    }
}

impl Connected {
    pub(crate) fn get(&mut self) -> &mut PgConnection {
        match self {
            Self::Own(held) => &mut held.connection,
            Self::Theirs(connection) => connection.deref_mut(),
        }
    }
}
