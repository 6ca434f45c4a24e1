//! One cache for values of many types: what a static can hold, which cannot know the types of an expression.

use std::{
    any::{Any, TypeId, type_name},
    sync::{Arc, OnceLock},
};

use super::{CacheKey, CacheValue, shared::Shared};

/// The caches of each type of key and value, by age. None ever goes before the whole does.
#[derive(Default)]
pub(super) struct Typed {
    first: OnceLock<Box<Node>>,
}

struct Node {
    shared: Box<dyn AnyShared>,
    next: OnceLock<Box<Node>>,
}

impl Typed {
    pub(super) const fn new() -> Self {
        Self { first: OnceLock::new() }
    }

    /// The cache for those types.
    #[inline]
    pub(super) fn get<K, V>(&self, make: impl Fn() -> Arc<Shared<K, V>>) -> &Arc<Shared<K, V>>
    where
        K: CacheKey<Owned = K> + Clone + Send + Sync + 'static,
        V: CacheValue,
    {
        if let Some(node) = self.first.get()
            && let Some(shared) = node.shared()
        {
            return shared;
        }
        self.find_or_make(make)
    }

    #[cold]
    fn find_or_make<K, V>(&self, make: impl Fn() -> Arc<Shared<K, V>>) -> &Arc<Shared<K, V>>
    where
        K: CacheKey<Owned = K> + Clone + Send + Sync + 'static,
        V: CacheValue,
    {
        let mut place = &self.first;
        loop {
            let mut is_new = false;
            let node = place.get_or_init(|| {
                is_new = true;
                Box::new(Node { shared: Box::new(Held(make())), next: OnceLock::new() })
            });
            if is_new {
                // What was set while it was made has not come by here.
                node.shared.follow();
            }
            if let Some(shared) = node.shared() {
                return shared;
            }
            place = &node.next;
        }
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &dyn AnyShared> {
        let first = self.first.get().map(|node| &**node);
        std::iter::successors(first, |node| node.next.get().map(|node| &**node)).map(|node| &*node.shared)
    }
}

impl Node {
    #[inline]
    fn shared<K: 'static, V: 'static>(&self) -> Option<&Arc<Shared<K, V>>> {
        (&*self.shared as &dyn Any).downcast_ref::<Held<K, V>>().map(|held| &held.0)
    }
}

struct Held<K, V>(Arc<Shared<K, V>>);

/// A cache of whatever types.
pub(super) trait AnyShared: Any + Send + Sync {
    fn key_type(&self) -> (TypeId, &'static str);
    /// Removes the value under the key, if it is one of this cache's type.
    fn remove(&self, key: &dyn Any) -> bool;
    fn clear(&self);
    fn len(&self) -> usize;
    fn counted(&self, which: usize) -> u64;
    fn evicted(&self) -> u64;
    /// Makes room for as many values as the options in force say.
    fn follow(&self);
}

impl<K, V> AnyShared for Held<K, V>
where
    K: CacheKey<Owned = K> + Clone + Send + Sync + 'static,
    V: CacheValue,
{
    fn key_type(&self) -> (TypeId, &'static str) {
        (TypeId::of::<K>(), type_name::<K>())
    }

    fn remove(&self, key: &dyn Any) -> bool {
        key.downcast_ref::<K>().is_some_and(|key| self.0.remove(key))
    }

    fn clear(&self) {
        self.0.clear();
    }

    fn len(&self) -> usize {
        self.0.len()
    }

    fn counted(&self, which: usize) -> u64 {
        self.0.counted(which)
    }

    fn evicted(&self) -> u64 {
        self.0.evicted()
    }

    fn follow(&self) {
        self.0.follow();
    }
}
