//! When the fallback fails itself.

use mainstay::fallback;
use mainstay_testkit::Recorder;

use crate::support::*;

#[fallback(Err)]
async fn gives_it_back() -> Answer {
    Err(Failure::Reset)
}

#[fallback(|_| Err(Failure::Declined))]
async fn another() -> Answer {
    Err(Failure::Reset)
}
#[fallback(|_| Err(Failure::Declined))]
fn another_sync() -> Answer {
    Err(Failure::Reset)
}

fn failing(_: Failure) -> Answer {
    Err(Failure::Status(500))?;
    Ok(1)
}

#[fallback(failing)]
async fn by_path() -> Answer {
    Err(Failure::Reset)
}

#[fallback(|_| Ok(2))]
#[fallback(failing)]
async fn two_of_them() -> Answer {
    Err(Failure::Reset)
}

#[fallback(|_| -> Answer { panic!("no answer") })]
async fn panics() -> Answer {
    Err(Failure::Reset)
}

#[fallback(|_| Ok(1), name = "errors.counted")]
async fn counted(fails: bool) -> Answer {
    if fails { Err(Failure::Reset) } else { Ok(7) }
}

#[tokio::test]
async fn the_same_error_surfaces_where_it_is_given_back() {
    // FB-20.
    assert_eq!(gives_it_back().await, Err(Failure::Reset));
}

#[tokio::test]
async fn its_own_error_surfaces_as_it_is() {
    // FB-20.
    assert_eq!(another().await, Err(Failure::Declined));
    assert_eq!(another_sync(), Err(Failure::Declined));
    assert_eq!(by_path().await, Err(Failure::Status(500)));
}

#[tokio::test]
async fn a_second_one_above_it_answers_then() {
    assert_eq!(two_of_them().await, Ok(2));
}

#[tokio::test]
async fn its_panic_is_the_callers() {
    let panic = tokio::spawn(panics()).await.unwrap_err().into_panic();
    assert_eq!(*panic.downcast::<&str>().unwrap(), "no answer");
}

#[tokio::test]
async fn it_is_reported_each_time_it_answers() {
    let recorder = Recorder::listen();
    for fails in [true, false, true] {
        counted(fails).await.unwrap();
    }
    assert_eq!(recorder.events("errors.counted"), ["fell back"; 2]);
}
