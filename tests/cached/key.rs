use std::{borrow::Cow, sync::Arc};

use mainstay::{
    Error, cached,
    cached::{Cache, cache_key},
};

use crate::support::{Runs, cache};

#[test]
fn without_one_all_arguments_are_the_key() {
    static RUNS: Runs = Runs::new();
    #[cached(ttl = "1m")]
    fn none() -> Result<u32, Error> {
        Ok(RUNS.next())
    }
    #[cached(ttl = "1m")]
    fn three(a: &str, b: u64, c: Option<char>) -> Result<u32, Error> {
        let _ = (a, b, c);
        Ok(RUNS.next())
    }
    assert_eq!((none(), none()), (Ok(1), Ok(1)));
    assert_eq!((three("a", 1, None), three("a", 1, None)), (Ok(2), Ok(2)));
    assert_eq!((three("b", 1, None), three("a", 2, None), three("a", 1, Some('x'))), (Ok(3), Ok(4), Ok(5)));
}

#[test]
fn it_is_any_expression_over_the_arguments() {
    #[cached("key.expression", ttl = "1m", key = id % 10)]
    fn get(id: u64) -> Result<u64, Error> {
        Ok(id)
    }
    #[cached(ttl = "1m", key = (&name[..1], *numbers.first().unwrap_or(&0)))]
    fn parts(name: String, numbers: Vec<u8>) -> Result<(String, Vec<u8>), Error> {
        Ok((name, numbers))
    }
    assert_eq!((get(3), get(13), get(4)), (Ok(3), Ok(3), Ok(4)));
    let first = parts("ada".into(), vec![1, 2]).unwrap();
    assert_eq!(parts("alan".into(), vec![1]).unwrap(), first);
    assert_ne!(parts("bob".into(), vec![1]).unwrap(), first);
}

#[test]
fn arguments_that_are_consumed_are_asked_about_first() {
    #[cached(ttl = "1m")]
    fn get(name: String, tags: Vec<String>) -> Result<String, Error> {
        let mut all = tags;
        all.push(name);
        Ok(all.concat())
    }
    let ask = || get("c".to_owned(), vec!["a".to_owned(), "b".to_owned()]);
    assert_eq!((ask(), ask()), (Ok("abc".to_owned()), Ok("abc".to_owned())));
}

#[test]
fn one_text_in_whatever_form_is_one_key() {
    static RUNS: Runs = Runs::new();
    #[cached("key.texts", ttl = "1m")]
    fn borrowed(name: &str) -> Result<u32, Error> {
        let _ = name;
        Ok(RUNS.next())
    }
    #[cached("key.texts", ttl = "1m")]
    fn owned(name: String) -> Result<u32, Error> {
        let _ = name;
        Ok(RUNS.next())
    }
    #[cached("key.texts", ttl = "1m")]
    fn shared(name: Arc<str>) -> Result<u32, Error> {
        let _ = name;
        Ok(RUNS.next())
    }
    #[cached("key.texts", ttl = "1m")]
    fn either(name: Cow<'_, str>) -> Result<u32, Error> {
        let _ = name;
        Ok(RUNS.next())
    }
    let ada = || [borrowed("ada"), owned("ada".into()), shared("ada".into()), either("ada".into())];
    assert_eq!(ada(), [Ok(1), Ok(1), Ok(1), Ok(1)]);
}

#[test]
fn a_type_of_ones_own_is_one_by_one_line() {
    #[derive(Clone, PartialEq, Eq, Hash)]
    struct UserId(u64);
    cache_key!(UserId);
    static RUNS: Runs = Runs::new();
    #[cached(ttl = "1m")]
    fn get(user: &UserId, page: u32) -> Result<u32, Error> {
        let _ = (user, page);
        Ok(RUNS.next())
    }
    assert_eq!((get(&UserId(1), 1), get(&UserId(1), 1), get(&UserId(2), 1)), (Ok(1), Ok(1), Ok(2)));
}

#[test]
fn keys_are_compared_and_not_only_their_hashes() {
    #[derive(Clone, PartialEq, Eq)]
    struct SameHash(u64);
    impl std::hash::Hash for SameHash {
        fn hash<H: std::hash::Hasher>(&self, _: &mut H) {}
    }
    cache_key!(SameHash);
    #[cached(ttl = "1m", key = SameHash(id))]
    fn get(id: u64) -> Result<u64, Error> {
        Ok(id)
    }
    for _ in 0..2 {
        assert_eq!((get(1), get(2), get(3)), (Ok(1), Ok(2), Ok(3)));
    }
}

#[test]
fn a_generic_function_keeps_the_values_of_its_types_apart() {
    #[cached("key.generic", ttl = "1m", key = text)]
    fn parse<T>(text: &str) -> Result<T, Error>
    where
        T: std::str::FromStr + Clone + Send + Sync + 'static,
    {
        text.parse().map_err(|_| crate::support::down())
    }
    assert_eq!(
        (parse::<u8>("7"), parse::<u64>("7"), parse::<String>("7")),
        (Ok(7), Ok(7), Ok("7".to_owned()))
    );
    assert_eq!((parse::<u8>("7"), cache("key.generic").hits()), (Ok(7), 1));
    assert!(cache("key.generic").remove("7"));
    assert!(cache("key.generic").is_empty());
}

#[tokio::test]
async fn a_method_may_take_what_it_depends_on_from_itself() {
    struct Shop {
        region: String,
        prices: Cache,
    }
    impl Shop {
        #[cached("key.method", ttl = "1m", key = (&self.region, id))]
        async fn by_region(&self, id: u64) -> Result<String, Error> {
            Ok(format!("{}{id}", self.region))
        }
        #[cached(with = self.prices)]
        async fn own(&mut self, id: u64) -> Result<String, Error> {
            self.region.push('!');
            Ok(format!("{}{id}", self.region))
        }
    }
    let shop = |region: &str| Shop {
        region: region.to_owned(),
        prices: Cache::builder().ttl(crate::support::s(60)).build("own").unwrap(),
    };
    let (mut eu, us) = (shop("eu"), shop("us"));
    assert_eq!(eu.by_region(1).await.as_deref(), Ok("eu1"));
    assert_eq!(us.by_region(1).await.as_deref(), Ok("us1"));
    assert_eq!(eu.own(1).await.as_deref(), Ok("eu!1"));
    assert_eq!(eu.own(1).await.as_deref(), Ok("eu!1"));
}
