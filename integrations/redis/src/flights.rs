use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::{Mutex as Turns, MutexGuard as Turn};

/// The loads under way in this process, by key.
#[derive(Debug, Clone, Default)]
pub(crate) struct Flights(Arc<Mutex<HashMap<String, Load>>>);

#[derive(Debug, Default)]
struct Load {
    /// What one load gave, for those who wait for it in turn.
    value: Arc<Turns<Option<Vec<u8>>>>,
    /// Who loads and who waits.
    parties: usize,
}

/// Somebody's part in a load. The last one takes it off the list, so that what it gave is not given again later.
pub(crate) struct Flight {
    key: String,
    value: Arc<Turns<Option<Vec<u8>>>>,
    all: Flights,
}

impl Flights {
    fn list(&self) -> MutexGuard<'_, HashMap<String, Load>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn of(&self, key: &str) -> Flight {
        let mut list = self.list();
        let load = list.entry(key.to_owned()).or_default();
        load.parties += 1;
        Flight { key: key.to_owned(), value: Arc::clone(&load.value), all: self.clone() }
    }
}

impl Flight {
    /// Waits for its turn: what was loaded before it, or nothing, and then it loads. A turn that is dropped passes on.
    pub(crate) async fn landed(&self) -> Turn<'_, Option<Vec<u8>>> {
        self.value.lock().await
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        let mut list = self.all.list();
        if let Some(load) = list.get_mut(&self.key) {
            load.parties -= 1;
            if load.parties == 0 {
                list.remove(&self.key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_comes_during_a_load_gets_what_it_gives() {
        let flights = Flights::default();
        let (first, second) = (flights.of("a"), flights.of("a"));
        let mut turn = first.landed().await;
        assert!(second.value.try_lock().is_err());
        *turn = Some(vec![7]);
        drop(turn);
        assert_eq!(second.landed().await.as_deref(), Some(&[7][..]));
    }

    #[tokio::test]
    async fn the_last_takes_the_load_off_the_list() {
        let flights = Flights::default();
        let (first, second) = (flights.of("a"), flights.of("a"));
        *first.landed().await = Some(vec![7]);
        drop(first);
        assert_eq!(flights.list().len(), 1);
        drop(second);
        assert_eq!(flights.list().len(), 0);
        assert!(flights.of("a").landed().await.is_none());
    }
}
