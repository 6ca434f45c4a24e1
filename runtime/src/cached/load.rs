//! The twin of `#[cached]` for closures and futures.

use std::future::Future;

use super::{
    Cache, CacheError, CacheKey, CacheValue, Lead, Sharing, Turn,
    shared::HITS,
    wait::{Begun, begin},
};
use crate::{FromRefusal, glue::Flow};

impl Cache {
    /// A fresh value.
    #[doc(hidden)]
    #[inline]
    pub fn fresh_value<Q, V>(&self, key: &Q) -> Option<V>
    where
        Q: CacheKey + ?Sized,
        V: CacheValue,
    {
        if !self.live.is_on() {
            return None;
        }
        let shared = self.shared::<Q::Owned, V>();
        let value = shared.fresh_value(key)?;
        shared.count(HITS);
        Some(value)
    }

    /// How a call goes on that found nothing fresh, or what it has to wait for.
    #[doc(hidden)]
    pub fn begin<Q, V, E>(&self, key: &Q, sharing: Option<Sharing<E>>) -> Begun<Q::Owned, V, E>
    where
        Q: CacheKey + ?Sized,
        V: CacheValue,
    {
        begin(self.shared::<Q::Owned, V>(), key, sharing)
    }

    /// The value under the key, or what `load` gives, which is then kept.
    ///
    /// Concurrent callers of one key wait for one of them, blocking their threads. Where that one fails, they load one after
    /// the other; [`get_or_load_sharing`](Self::get_or_load_sharing) gives them its error. With `stale_for`, one caller loads
    /// anew while the others get the old value.
    ///
    /// # Errors
    /// Those of `load`, and [`Error::DeadlineExceeded`](crate::Error::DeadlineExceeded) in the form of `E` where the
    /// [deadline](crate::deadline) around comes while another loads.
    pub fn get_or_load<Q, V, E>(&self, key: &Q, load: impl FnOnce() -> Result<V, E>) -> Result<V, E>
    where
        Q: CacheKey + ?Sized,
        V: CacheValue,
        E: FromRefusal,
    {
        self.load_blocking(key, None, load)
    }

    /// The same for errors that can be cloned: those who wait get the error of the one who loads, and with `cache_err` it is
    /// kept.
    ///
    /// # Errors
    /// Those of `load`, and [`Error::DeadlineExceeded`](crate::Error::DeadlineExceeded) in the form of `E` where the
    /// [deadline](crate::deadline) around comes while another loads.
    pub fn get_or_load_sharing<Q, V, E>(&self, key: &Q, load: impl FnOnce() -> Result<V, E>) -> Result<V, E>
    where
        Q: CacheKey + ?Sized,
        V: CacheValue,
        E: CacheError + FromRefusal,
    {
        self.load_blocking(key, Some(Sharing::by_clone()), load)
    }

    fn load_blocking<Q, V, E>(
        &self,
        key: &Q,
        sharing: Option<Sharing<E>>,
        load: impl FnOnce() -> Result<V, E>,
    ) -> Result<V, E>
    where
        Q: CacheKey + ?Sized,
        V: CacheValue,
        E: FromRefusal,
    {
        if let Some(value) = self.fresh_value(key) {
            return Ok(value);
        }
        let turn = match self.begin(key, sharing) {
            Begun::Turn(turn) => turn,
            Begun::Wait(wait) => wait.turn_blocking(Some(E::from_refusal)),
        };
        match turn {
            Turn::Answer(answer, _) => answer,
            Turn::Stale(_, lead) | Turn::Lead(lead) => settled(lead, load(), sharing),
        }
    }

    /// The value under the key, or what the future of `load` gives, which is then kept. Otherwise as
    /// [`get_or_load`](Self::get_or_load); nothing is blocked. Cancel-safe: a load that is dropped goes to another caller.
    ///
    /// # Errors
    /// Those of the future, and [`Error::DeadlineExceeded`](crate::Error::DeadlineExceeded) in the form of `E` where the
    /// [deadline](crate::deadline) around comes while another loads, and no time limit around ends the call.
    pub async fn get_or_load_async<Q, V, E, F, Fut>(&self, key: &Q, load: F) -> Result<V, E>
    where
        Q: CacheKey + ?Sized,
        V: CacheValue,
        E: FromRefusal,
        F: FnOnce() -> Fut,
        Fut: Future<Output = Result<V, E>>,
    {
        self.load_async(key, None, load).await
    }

    /// The same for errors that can be cloned: those who wait get the error of the one who loads, and with `cache_err` it is
    /// kept.
    ///
    /// # Errors
    /// Those of the future, and [`Error::DeadlineExceeded`](crate::Error::DeadlineExceeded) in the form of `E` where the
    /// [deadline](crate::deadline) around comes while another loads, and no time limit around ends the call.
    pub async fn get_or_load_sharing_async<Q, V, E, F, Fut>(&self, key: &Q, load: F) -> Result<V, E>
    where
        Q: CacheKey + ?Sized,
        V: CacheValue,
        E: CacheError + FromRefusal,
        F: FnOnce() -> Fut,
        Fut: Future<Output = Result<V, E>>,
    {
        self.load_async(key, Some(Sharing::by_clone()), load).await
    }

    async fn load_async<Q, V, E, F, Fut>(&self, key: &Q, sharing: Option<Sharing<E>>, load: F) -> Result<V, E>
    where
        Q: CacheKey + ?Sized,
        V: CacheValue,
        E: FromRefusal,
        F: FnOnce() -> Fut,
        Fut: Future<Output = Result<V, E>>,
    {
        if let Some(value) = self.fresh_value(key) {
            return Ok(value);
        }
        let turn = match self.begin(key, sharing) {
            Begun::Turn(turn) => turn,
            Begun::Wait(wait) => wait.turn_in_time(Some(E::from_refusal)).await,
        };
        match turn {
            Turn::Answer(answer, _) => answer,
            Turn::Stale(_, lead) | Turn::Lead(lead) => settled(lead, load().await, sharing),
        }
    }
}

fn settled<K, V, E>(lead: Lead<K, V>, answer: Result<V, E>, sharing: Option<Sharing<E>>) -> Result<V, E>
where
    K: CacheKey<Owned = K> + Clone + Send + Sync + 'static,
    V: CacheValue,
{
    lead.settle(answer, Flow::RAN, sharing, None)
}
