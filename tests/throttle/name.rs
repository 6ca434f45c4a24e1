use mainstay::{Kind, policies, throttle};

use crate::support::{Answer, Failure, of};

#[test]
fn the_same_name_is_the_same_throttle_and_is_listed_with_its_options() {
    #[throttle("name.shared", window = "30s")]
    fn one() -> Answer {
        Ok(1)
    }
    #[throttle(name = "name.shared", window = "30s")]
    fn other() -> Answer {
        Ok(1)
    }
    one().unwrap();
    other().unwrap();
    assert_eq!(of("name.shared").accepted_count(), 2);
    let all = policies().all();
    let listed = all.iter().find(|listed| listed.name() == "name.shared").unwrap().policy();
    assert_eq!((listed.kind(), listed.config().contains("window = 30s")), ("throttle", true));
    assert!(listed.readings().iter().any(|reading| reading.name() == "accepted" && reading.value() == 2.0));
}

#[test]
fn an_error_that_is_not_ours_is_made_by_map_err() {
    #[throttle(reject_if = |_| true, map_err = |error| Some(error.kind()))]
    fn call() -> Result<u32, Option<Kind>> {
        Err(None)
    }
    let refused = (0..1000).find_map(|_| call().unwrap_err());
    assert_eq!(refused, Some(Kind::ClientThrottled));
    assert_eq!(Failure::Busy.kind(), None);
}
