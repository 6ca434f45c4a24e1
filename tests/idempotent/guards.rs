use mainstay::{
    Error, Kind,
    idempotent::{Begin, Idempotency},
};

use crate::support::{Watched, memory, ms, take_over};

fn transfers() -> Idempotency {
    Idempotency::builder().build("guards").unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_guard_in_memory_completes_or_gives_back() {
    let transfers = transfers();
    let Begin::Run(guard) = transfers.key("a").begin_async::<u32>().await.unwrap() else {
        panic!("it is new")
    };
    guard.release();
    let Begin::Run(guard) = transfers.key("a").begin::<u32>().unwrap() else { panic!("it was given back") };
    guard.complete(7);
    assert!(matches!(transfers.key("a").begin::<u32>(), Ok(Begin::Replay(7))));
    drop(transfers.key("b").begin::<u32>().unwrap());
    assert!(matches!(transfers.key("b").begin::<u32>(), Ok(Begin::Run(_))));
}

#[tokio::test(start_paused = true)]
async fn a_guard_in_a_store_has_a_token_and_says_what_everybody_gets() {
    let (transfers, store) = (transfers(), Watched::new());
    let begin = || transfers.key(("a", 1)).in_store(&store);
    let Begin::Run(guard) = begin().begin_async::<u32>().await.unwrap() else { panic!("it is new") };
    let first = guard.token().unwrap();
    guard.release();
    let Begin::Run(guard) = begin().begin_async::<u32>().await.unwrap() else { panic!("it was given back") };
    assert!(guard.token().unwrap() > first);
    assert_eq!(guard.complete_async(7).await, Ok(7));
    assert!(matches!(begin().begin_async::<u32>().await, Ok(Begin::Replay(7))));
    assert_eq!(begin().call_async(|| async { Ok::<_, Error>(8) }).await, Ok(7));

    let Begin::Run(late) = transfers.key("late").in_store(&store).begin_async::<u32>().await.unwrap() else {
        panic!("it is new")
    };
    let token = take_over(&store, "guards:late", std::time::Duration::from_secs(30)).await;
    use mainstay::idempotent::IdempotencyStore as _;
    assert!(store.complete("guards:late", token, b"=9", ms(60_000)).await.unwrap());
    assert_eq!(late.complete_async(8).await, Ok(9));
}

#[test]
fn sync_code_uses_a_store_too() {
    let (transfers, store) = (transfers(), memory());
    let call = |value: u32| transfers.key("a").in_store(&store).call(move || Ok::<_, Error>(value));
    assert_eq!((call(1), call(2)), (Ok(1), Ok(1)));
    let payload = |cents: u64| transfers.key("b").in_store(&store).fingerprint(&cents).unwrap();
    assert_eq!(payload(5).call(|| Ok::<_, Error>(1_u32)), Ok(1));
    assert_eq!(payload(6).call(|| Ok::<_, Error>(2_u32)).unwrap_err().kind(), Kind::KeyReused);
}

#[tokio::test(start_paused = true)]
async fn closures_are_run_once_per_key() {
    let transfers = transfers();
    let call = async |value: u32| transfers.call_async("a", || async move { Ok::<_, Error>(value) }).await;
    assert_eq!((call(1).await, call(2).await), (Ok(1), Ok(1)));
    assert_eq!(transfers.key("a").fingerprint("payload").call(|| Ok::<_, Error>(3_u32)), Ok(1));
    assert_eq!(transfers.key("c").fingerprint("one").call(|| Ok::<_, Error>(3_u32)), Ok(3));
    assert_eq!(
        transfers.key("c").fingerprint("two").call(|| Ok::<_, Error>(3_u32)),
        Err(Error::key_reused("guards", "c"))
    );
}
