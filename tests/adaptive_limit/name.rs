use mainstay::{Kind, adaptive_limit, policies};

use crate::support::{Answer, Failure, of};

#[test]
fn the_same_name_is_the_same_limit() {
    #[adaptive_limit("name.shared", initial = 1)]
    fn one(inside: &dyn Fn()) -> Answer {
        inside();
        Ok(1)
    }
    #[adaptive_limit(name = "name.shared", initial = 1)]
    fn other() -> Answer {
        Ok(1)
    }
    one(&|| assert!(other().is_err())).unwrap();
    assert_eq!(of("name.shared").rejected_count(), 1);
}

#[test]
fn without_one_it_is_called_after_the_function() {
    #[adaptive_limit]
    fn plain() -> Answer {
        Ok(1)
    }
    plain().unwrap();
    assert!(policies().adaptive_limits().iter().any(|limit| limit.name().ends_with("::plain")));
}

#[test]
fn an_error_that_is_not_ours_is_made_by_map_err() {
    #[adaptive_limit(initial = 1, map_err = |error| error.kind())]
    fn call(inside: &dyn Fn()) -> Result<u32, Kind> {
        inside();
        Ok(1)
    }
    call(&|| assert_eq!(call(&|| ()), Err(Kind::ConcurrencyLimited))).unwrap();
    assert_eq!(Failure::Down.kind(), None);
}
