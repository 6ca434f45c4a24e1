use mainstay::{policies, retry};

use crate::support::*;

#[retry]
async fn unnamed(up: &Upstream) -> Answer {
    up.ask().await
}

#[retry("name.first", max_attempts = 2)]
async fn first(up: &Upstream) -> Answer {
    up.ask().await
}

#[retry(max_attempts = 2, name = "name.option")]
fn option(up: &Upstream) -> Answer {
    up.ask_sync()
}

#[retry("name.shared", max_attempts = 4)]
async fn one(up: &Upstream) -> Answer {
    up.ask().await
}
#[retry("name.shared", max_attempts = 4)]
fn other(up: &Upstream) -> Answer {
    up.ask_sync()
}

#[tokio::test(start_paused = true)]
async fn without_one_it_is_module_path_and_function() {
    unnamed(&Upstream::down()).await.unwrap_err();
    assert_eq!(policies().retry("retry::name::unnamed").unwrap().retries(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_text_in_the_first_place_names_it() {
    first(&Upstream::down()).await.unwrap_err();
    assert_eq!(policies().retry("name.first").unwrap().retries(), 1);
}

#[test]
fn so_does_the_option_and_the_policy_is_there_before_the_first_call() {
    let policy = policies().retry("name.option").unwrap();
    assert_eq!(policy.config().check(), Ok(()));
    manual(|| option(&Upstream::down())).unwrap_err();
    assert_eq!(policy.exhausted(), 1);
}

#[test]
fn functions_that_give_the_same_name_share_one_policy() {
    paused(async { one(&Upstream::down()).await }).unwrap_err();
    manual(|| other(&Upstream::down())).unwrap_err();
    assert_eq!(policies().retry("name.shared").unwrap().retries(), 6);
    assert!(!policies().conflicts().iter().any(|conflict| conflict.name == "name.shared"));
}
