use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::{Mutex as Turns, MutexGuard as Turn};

/// The loads under way in this process, by key.
#[derive(Debug, Clone, Default)]
pub(crate) struct Flights(Arc<Mutex<HashMap<String, Arc<Load>>>>);

/// What one load gave, for those who wait for it in turn.
type Load = Turns<Option<Vec<u8>>>;

/// Somebody's part in a load. The last one takes it off the list.
pub(crate) struct Flight {
    key: String,
    load: Arc<Load>,
    all: Flights,
    joined: bool,
}

impl Flights {
    fn list(&self) -> MutexGuard<'_, HashMap<String, Arc<Load>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn of(&self, key: &str) -> Flight {
        let mut list = self.list();
        let (joined, load) = match list.get(key) {
            Some(load) => (true, Arc::clone(load)),
            None => (false, Arc::clone(list.entry(key.to_owned()).or_default())),
        };
        Flight { key: key.to_owned(), load, all: self.clone(), joined }
    }
}

impl Flight {
    /// Waits for its turn: what was loaded before it, or nothing, and then it loads. A turn that is dropped passes on.
    pub(crate) async fn landed(&self) -> Turn<'_, Option<Vec<u8>>> {
        self.load.lock().await
    }

    /// Whether somebody else was there before.
    pub(crate) fn waited(&self) -> bool {
        self.joined
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        let mut list = self.all.list();
        // The list's and this one's.
        if Arc::strong_count(&self.load) == 2 {
            list.remove(&self.key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_comes_during_a_load_gets_what_it_gives() {
        let flights = Flights::default();
        let first = flights.of("a");
        let mut turn = first.landed().await;
        let second = flights.of("a");
        assert!(second.waited() && !first.waited());
        assert!(second.load.try_lock().is_err());
        *turn = Some(vec![7]);
        drop(turn);
        assert_eq!(second.landed().await.as_deref(), Some(&[7][..]));
    }

    #[tokio::test]
    async fn the_last_takes_the_load_off_the_list() {
        let flights = Flights::default();
        let (first, second) = (flights.of("a"), flights.of("a"));
        drop(first);
        assert_eq!(flights.list().len(), 1);
        drop(second);
        assert_eq!(flights.list().len(), 0);
        assert!(flights.of("a").landed().await.is_none());
    }
}
