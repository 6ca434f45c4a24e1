use std::hash::Hasher;

/// Something that values are cached under: texts, numbers, `bool`, `char`, options, slices, arrays and tuples of those,
/// references and boxes of those, and types of one's own by one line, [`cache_key!`](crate::cached::cache_key).
///
/// A key is looked up as it is and owned only where a value is kept under it, so that a hit by `&str` allocates nothing. Keys
/// are compared, never their hashes alone.
///
/// ```
/// use mainstay_runtime::cached::{CacheKey, cache_key};
///
/// #[derive(Clone, PartialEq, Eq, Hash)]
/// struct UserId(u64);
/// cache_key!(UserId);
///
/// let owned = ("eu", &UserId(7)).to_owned_key();
/// assert!(("eu", UserId(7)).is(&owned) && !("us", UserId(7)).is(&owned));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a key of a cache",
    label = "this cannot be a key",
    note = "say what the answer depends on, for instance `key = user.id`; all arguments are the key where nothing is said",
    note = "for a type of yours that is `Clone + Eq + Hash`: `mainstay::cached::cache_key!({Self});`"
)]
pub trait CacheKey {
    /// What is kept. References to one thing, in whatever form, are owned in one form: that of `&str`, `String` and
    /// `Arc<str>` is `Arc<str>`.
    type Owned: CacheKey<Owned = Self::Owned> + Clone + Send + Sync + 'static;

    /// Its owned form.
    fn to_owned_key(&self) -> Self::Owned;

    /// Whether it is that key.
    fn is(&self, owned: &Self::Owned) -> bool;

    /// Feeds it to a hasher, in the same way as its owned form.
    fn hash_key<H: Hasher>(&self, state: &mut H);

    /// Whether many are those keys, one by one; there are as many of these as of those.
    fn are(keys: &[Self], owned: &[Self::Owned]) -> bool
    where
        Self: Sized,
    {
        keys.iter().zip(owned).all(|(key, owned)| key.is(owned))
    }

    /// Feeds many to a hasher, in the same way as as many of their owned forms.
    fn hash_keys<H: Hasher>(keys: &[Self], state: &mut H)
    where
        Self: Sized,
    {
        keys.iter().for_each(|key| key.hash_key(state));
    }
}

/// Makes types that are `Clone + Eq + Hash + Send + Sync + 'static` keys of caches.
///
/// ```
/// #[derive(Clone, PartialEq, Eq, Hash)]
/// enum Region { Europe, America }
/// mainstay_runtime::cached::cache_key!(Region);
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! __cache_key {
    ($($key:ty),+ $(,)?) => {$(
        impl $crate::cached::CacheKey for $key {
            type Owned = $key;
            #[inline]
            fn to_owned_key(&self) -> $key {
                ::core::clone::Clone::clone(self)
            }
            #[inline]
            fn is(&self, owned: &$key) -> bool {
                *self == *owned
            }
            #[inline]
            fn hash_key<H: ::core::hash::Hasher>(&self, state: &mut H) {
                ::core::hash::Hash::hash(self, state);
            }
            #[inline]
            fn are(keys: &[$key], owned: &[$key]) -> bool {
                *keys == *owned
            }
            #[inline]
            fn hash_keys<H: ::core::hash::Hasher>(keys: &[$key], state: &mut H) {
                ::core::hash::Hash::hash_slice(keys, state);
            }
        }
    )+};
}
