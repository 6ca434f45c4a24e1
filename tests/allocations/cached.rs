//! A hit allocates what a clone of the value does, whatever the key.

use std::sync::Arc;

use allocation_counter::measure;
use mainstay::{Error, cached};

fn of_a_hit<T>(call: impl Fn() -> Result<T, Error>) -> u64 {
    assert!(call().is_ok() && call().is_ok());
    measure(|| assert!(call().is_ok())).count_total
}

#[test]
fn a_key_is_looked_up_as_it_is() {
    #[cached(ttl = "1h")]
    fn by_text(key: &str) -> Result<usize, Error> {
        Ok(key.len())
    }
    #[cached(ttl = "1h")]
    fn by_parts(tenant: &str, ids: &[u64], page: Option<u32>) -> Result<usize, Error> {
        Ok(tenant.len() + ids.len() + page.map_or(0, |page| page as usize))
    }
    #[cached(ttl = "1h")]
    fn by_bytes(key: [u8; 16]) -> Result<u8, Error> {
        Ok(key[0])
    }
    assert_eq!(of_a_hit(|| by_text("a text that is longer than what could be kept in place")), 0);
    assert_eq!(of_a_hit(|| by_parts("tenant", &[1, 2, 3], Some(4))), 0);
    assert_eq!(of_a_hit(|| by_bytes([7; 16])), 0);
}

#[test]
fn the_value_is_cloned_and_nothing_else() {
    #[cached(ttl = "1h")]
    fn text(key: u64) -> Result<String, Error> {
        Ok(key.to_string())
    }
    #[cached(ttl = "1h")]
    fn shared(key: u64) -> Result<Arc<Vec<u64>>, Error> {
        Ok(Arc::new(vec![key]))
    }
    assert_eq!(of_a_hit(|| text(7)), 1);
    assert_eq!(of_a_hit(|| shared(7)), 0);
}
