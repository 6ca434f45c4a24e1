//! The keys of the standard library.

use std::{
    borrow::Cow,
    hash::{Hash, Hasher},
    num::NonZero,
    rc::Rc,
    sync::Arc,
    time::Duration,
};

use super::{CacheKey, cache_key};

cache_key! {
    (), bool, char, Duration,
    u8, u16, u32, u64, u128, usize, i8, i16, i32, i64, i128, isize,
    NonZero<u8>, NonZero<u16>, NonZero<u32>, NonZero<u64>, NonZero<u128>, NonZero<usize>,
    NonZero<i8>, NonZero<i16>, NonZero<i32>, NonZero<i64>, NonZero<i128>, NonZero<isize>,
    std::net::IpAddr, std::net::Ipv4Addr, std::net::Ipv6Addr, std::net::SocketAddr,
    std::time::SystemTime,
}

impl CacheKey for str {
    type Owned = Arc<str>;

    #[inline]
    fn to_owned_key(&self) -> Arc<str> {
        Arc::from(self)
    }

    #[inline]
    fn is(&self, owned: &Arc<str>) -> bool {
        *self == **owned
    }

    #[inline]
    fn hash_key<H: Hasher>(&self, state: &mut H) {
        self.hash(state);
    }
}

impl CacheKey for String {
    type Owned = Arc<str>;

    #[inline]
    fn to_owned_key(&self) -> Arc<str> {
        Arc::from(self.as_str())
    }

    #[inline]
    fn is(&self, owned: &Arc<str>) -> bool {
        **self == **owned
    }

    #[inline]
    fn hash_key<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl<K: CacheKey> CacheKey for [K] {
    type Owned = Arc<[K::Owned]>;

    fn to_owned_key(&self) -> Arc<[K::Owned]> {
        self.iter().map(CacheKey::to_owned_key).collect()
    }

    #[inline]
    fn is(&self, owned: &Arc<[K::Owned]>) -> bool {
        self.len() == owned.len() && K::are(self, owned)
    }

    #[inline]
    fn hash_key<H: Hasher>(&self, state: &mut H) {
        state.write_usize(self.len());
        K::hash_keys(self, state);
    }
}

impl<K: CacheKey> CacheKey for Vec<K> {
    type Owned = Arc<[K::Owned]>;

    fn to_owned_key(&self) -> Arc<[K::Owned]> {
        self.as_slice().to_owned_key()
    }

    #[inline]
    fn is(&self, owned: &Arc<[K::Owned]>) -> bool {
        self.as_slice().is(owned)
    }

    #[inline]
    fn hash_key<H: Hasher>(&self, state: &mut H) {
        self.as_slice().hash_key(state);
    }
}

impl<K: CacheKey, const N: usize> CacheKey for [K; N] {
    type Owned = [K::Owned; N];

    #[inline]
    fn to_owned_key(&self) -> [K::Owned; N] {
        self.each_ref().map(CacheKey::to_owned_key)
    }

    #[inline]
    fn is(&self, owned: &[K::Owned; N]) -> bool {
        K::are(self, owned)
    }

    #[inline]
    fn hash_key<H: Hasher>(&self, state: &mut H) {
        K::hash_keys(self, state);
    }
}

impl<K: CacheKey> CacheKey for Option<K> {
    type Owned = Option<K::Owned>;

    #[inline]
    fn to_owned_key(&self) -> Option<K::Owned> {
        self.as_ref().map(CacheKey::to_owned_key)
    }

    #[inline]
    fn is(&self, owned: &Option<K::Owned>) -> bool {
        match (self, owned) {
            (Some(key), Some(owned)) => key.is(owned),
            (None, None) => true,
            _ => false,
        }
    }

    #[inline]
    fn hash_key<H: Hasher>(&self, state: &mut H) {
        state.write_u8(u8::from(self.is_some()));
        if let Some(key) = self {
            key.hash_key(state);
        }
    }
}

macro_rules! pointers {
    ($($pointer:ty)*) => {$(
        impl<K: CacheKey + ?Sized> CacheKey for $pointer {
            type Owned = K::Owned;

            #[inline]
            fn to_owned_key(&self) -> K::Owned {
                (**self).to_owned_key()
            }

            #[inline]
            fn is(&self, owned: &K::Owned) -> bool {
                (**self).is(owned)
            }

            #[inline]
            fn hash_key<H: Hasher>(&self, state: &mut H) {
                (**self).hash_key(state);
            }
        }
    )*};
}

pointers!(&K &mut K Box<K> Rc<K>);

/// What an `Arc` shares stays shared.
impl CacheKey for Arc<str> {
    type Owned = Self;

    #[inline]
    fn to_owned_key(&self) -> Self {
        Self::clone(self)
    }

    #[inline]
    fn is(&self, owned: &Self) -> bool {
        Self::ptr_eq(self, owned) || **self == **owned
    }

    #[inline]
    fn hash_key<H: Hasher>(&self, state: &mut H) {
        self.hash(state);
    }
}

impl<K: CacheKey> CacheKey for Arc<[K]> {
    type Owned = Arc<[K::Owned]>;

    fn to_owned_key(&self) -> Arc<[K::Owned]> {
        (**self).to_owned_key()
    }

    #[inline]
    fn is(&self, owned: &Arc<[K::Owned]>) -> bool {
        (**self).is(owned)
    }

    #[inline]
    fn hash_key<H: Hasher>(&self, state: &mut H) {
        (**self).hash_key(state);
    }
}

impl<K: CacheKey> CacheKey for Arc<K> {
    type Owned = K::Owned;

    #[inline]
    fn to_owned_key(&self) -> K::Owned {
        (**self).to_owned_key()
    }

    #[inline]
    fn is(&self, owned: &K::Owned) -> bool {
        (**self).is(owned)
    }

    #[inline]
    fn hash_key<H: Hasher>(&self, state: &mut H) {
        (**self).hash_key(state);
    }
}

macro_rules! texts_and_slices {
    ($([$($key:ident)?] $cow:ty => $owned:ty;)*) => {$(
        impl$(<$key: CacheKey + Clone>)? CacheKey for $cow {
            type Owned = $owned;

            #[inline]
            fn to_owned_key(&self) -> $owned {
                (**self).to_owned_key()
            }

            #[inline]
            fn is(&self, owned: &$owned) -> bool {
                (**self).is(owned)
            }

            #[inline]
            fn hash_key<H: Hasher>(&self, state: &mut H) {
                (**self).hash_key(state);
            }
        }
    )*};
}

texts_and_slices! {
    [] Cow<'_, str> => Arc<str>;
    [K] Cow<'_, [K]> => Arc<[K::Owned]>;
}

macro_rules! tuples {
    ($($($key:ident $owned:ident)*;)*) => {$(
        impl<$($key: CacheKey),*> CacheKey for ($($key,)*) {
            type Owned = ($($key::Owned,)*);

            #[inline]
            #[allow(non_snake_case)]
            fn to_owned_key(&self) -> Self::Owned {
                let ($($key,)*) = self;
                ($($key.to_owned_key(),)*)
            }

            #[inline]
            #[allow(non_snake_case)]
            fn is(&self, owned: &Self::Owned) -> bool {
                let (($($key,)*), ($($owned,)*)) = (self, owned);
                $($key.is($owned))&&*
            }

            #[inline]
            #[allow(non_snake_case)]
            fn hash_key<S: Hasher>(&self, state: &mut S) {
                let ($($key,)*) = self;
                $($key.hash_key(state);)*
            }
        }
    )*};
}

tuples! {
    A a;
    A a B b;
    A a B b C c;
    A a B b C c D d;
    A a B b C c D d E e;
    A a B b C c D d E e F f;
    A a B b C c D d E e F f G g;
    A a B b C c D d E e F f G g H h;
}

#[cfg(test)]
mod tests {
    use std::hash::BuildHasher;

    use super::*;

    fn hash<K: CacheKey + ?Sized>(key: &K) -> u64 {
        let mut state = foldhash::fast::FixedState::with_seed(7).build_hasher();
        key.hash_key(&mut state);
        state.finish()
    }

    fn holds<K: CacheKey + ?Sized>(key: &K) -> bool {
        let owned = key.to_owned_key();
        key.is(&owned) && owned.is(&owned) && hash(key) == hash(&owned)
    }

    #[test]
    fn a_key_and_its_owned_form_are_equal_and_hash_alike() {
        assert!(
            holds("ada") && holds(&"ada") && holds(&String::from("ada")) && holds(&Arc::<str>::from("ada"))
        );
        assert!(holds(&Cow::Borrowed("ada")) && holds(&Box::<str>::from("ada")) && holds(""));
        assert!(holds(&7_u64) && holds(&-7_i128) && holds(&'x') && holds(&true) && holds(&()));
        assert!(
            holds(&[1_u8; 16])
                && holds(&b"bytes"[..])
                && holds(&vec!["a", "b"])
                && holds(&Arc::<[u8]>::from([1]))
        );
        assert!(holds(&Some("a")) && holds(&None::<&str>) && holds(&("a", 1, [2, 3], Some(String::new()))));
    }

    #[test]
    fn forms_of_one_text_are_one_key() {
        let owned = "ada".to_owned_key();
        assert!(String::from("ada").is(&owned) && (&&"ada").is(&owned) && Arc::<str>::from("ada").is(&owned));
        assert_eq!(hash("ada"), hash(&String::from("ada")));
        assert_eq!(hash("ada"), hash(&Rc::<str>::from("ada")));
    }

    #[test]
    fn keys_that_differ_are_told_apart() {
        assert!(!"a".is(&"b".to_owned_key()));
        assert!(!("ab", "c").is(&("a", "bc").to_owned_key()));
        assert!(!vec![1, 2].is(&vec![1].to_owned_key()));
        assert!(!Some(0).is(&None::<i32>.to_owned_key()));
        assert_ne!(hash(&("ab", "c")), hash(&("a", "bc")));
        assert_ne!(hash(&[&[1_u8][..], &[2, 3]]), hash(&[&[1_u8, 2][..], &[3]]));
    }
}
