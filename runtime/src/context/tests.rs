use std::{
    collections::{BTreeMap, HashMap, HashSet},
    future::{Future, ready},
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    task,
    time::Duration,
};

use super::*;
use crate::{
    clock::sleep,
    trace::{self, SpanContext},
};

fn id(text: &str) -> Id {
    text.parse().unwrap()
}

#[test]
fn ids_are_uuids_of_version_4_and_none_comes_twice() {
    let threads: Vec<_> = (0..4)
        .map(|_| std::thread::spawn(|| (0..5_000).map(|_| Id::generate().to_string()).collect::<Vec<_>>()))
        .collect();
    let mut seen = HashSet::new();
    for id in threads.into_iter().flat_map(|thread| thread.join().unwrap()) {
        let parts: Vec<_> = id.split('-').map(str::len).collect();
        assert_eq!(parts, [8, 4, 4, 4, 12], "{id}");
        assert_eq!(&id[14..15], "4", "{id}");
        assert!(matches!(&id[19..20], "8" | "9" | "a" | "b"), "{id}");
        assert!(
            id.bytes().all(|byte| byte == b'-' || byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
        );
        assert!(seen.insert(id));
    }
}

#[test]
fn an_id_is_taken_as_it_is_or_not_at_all() {
    for length in [1, 45, 46, 47, 128] {
        let text = "a-Z_0.9:/+=@".chars().cycle().take(length).collect::<String>();
        assert_eq!(id(&text), *text);
    }
    assert_eq!("".parse::<Id>(), Err(InvalidId::Empty));
    assert_eq!("a".repeat(129).parse::<Id>(), Err(InvalidId::TooLong { bytes: 129 }));
    for hostile in [
        "a b",
        "a\nb",
        "a\rb",
        "a\u{1b}[31m",
        "a\0b",
        "aé",
        "a\"b",
        "a'b",
        "a{b",
        "a$b",
        "a<b",
        "a;b",
        "a%b",
        "a,b",
    ] {
        assert_eq!(hostile.parse::<Id>(), Err(InvalidId::Character { at: 1 }), "{hostile:?}");
    }
}

#[test]
fn scopes_nest_and_end_even_by_a_panic() {
    let (outer, inner) = (Context::new(), Context::new());
    assert_eq!(current(), None);
    outer.scope(|| {
        inner.scope(|| assert_eq!(current().as_ref(), Some(&inner)));
        let panicked =
            catch_unwind(AssertUnwindSafe(|| inner.scope(|| std::panic::resume_unwind(Box::new(())))));
        assert!(panicked.is_err());
        assert_eq!(request_id().as_ref(), Some(outer.request_id()));
        assert_eq!(correlation_id().as_ref(), Some(outer.correlation_id()));
    });
    assert_eq!(current(), None);
}

#[tokio::test(start_paused = true)]
async fn futures_that_take_turns_keep_their_own_contexts() {
    let work = |context: Context| async move {
        for pause in [3, 1, 2] {
            assert_eq!(current().as_ref(), Some(&context));
            sleep(Duration::from_millis(pause)).await;
        }
        current() == Some(context)
    };
    let contexts = [Context::new(), Context::new(), Context::new()];
    let [first, second, third] = contexts.map(|context| work(context.clone()).in_context(context));
    let outside = async {
        for _ in 0..5 {
            assert_eq!(current(), None);
            sleep(Duration::from_millis(1)).await;
        }
        true
    };
    assert_eq!(tokio::join!(first, second, third, outside), (true, true, true, true));
}

#[test]
fn a_context_is_entered_for_the_poll_only() {
    let context = Context::new();
    let mut future = pin!(std::future::pending::<()>().in_context(context));
    let waker = task::Waker::noop();
    assert!(future.as_mut().poll(&mut task::Context::from_waker(waker)).is_pending());
    assert_eq!(current(), None);
}

#[test]
fn a_future_is_dropped_in_its_context() {
    struct Looks(Context);
    impl Drop for Looks {
        fn drop(&mut self) {
            assert_eq!(current().as_ref(), Some(&self.0));
        }
    }
    let context = Context::new();
    let looks = Looks(context.clone());
    drop(async move { drop(looks) }.in_context(context));
    assert_eq!(current(), None);
}

#[tokio::test]
async fn tasks_get_the_context_of_who_starts_them() {
    let context = Context::correlated(id("order-7"));
    let started = async {
        let task = spawn(async { (current(), spawn_blocking(current).await.unwrap()) });
        let mut set = tokio::task::JoinSet::new();
        set.spawn(async { current() }.in_current_context());
        (task.await.unwrap(), set.join_next().await.unwrap().unwrap())
    };
    let ((in_task, in_blocking), in_set) = started.in_context(context.clone()).await;
    assert_eq!([in_task, in_blocking, in_set], [0; 3].map(|_| Some(context.clone())));
    assert_eq!(spawn(ready(())).await.ok(), Some(()));
    assert_eq!(spawn(async { current() }).await.unwrap(), None);
}

#[tokio::test]
async fn tasks_get_the_span_of_who_starts_them_and_a_context_alone_brings_none() {
    let span = SpanContext::from_traceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    let tasks = {
        let _attached = trace::attach(span);
        assert_eq!(Carried::here().scope(trace::current), span);
        (spawn(async { trace::current() }), spawn_blocking(trace::current))
    };
    assert_eq!((tasks.0.await.unwrap(), tasks.1.await.unwrap()), (span, span));
    let inside = async {
        let _attached = trace::attach(span);
        async { trace::current() }.in_context(Context::new()).await
    };
    assert_eq!(inside.await, span);
    assert_eq!(trace::current(), None);
}

#[test]
fn what_is_carried_hides_what_is_current_where_it_arrives() {
    let carried = Carried::here();
    Context::new().scope(|| assert_eq!(carried.scope(current), None));
}

#[test]
fn the_next_request_of_a_piece_of_work_has_its_correlation_id() {
    let context = Context::new();
    assert_eq!(context.correlation_id(), context.request_id());
    let next = context.next();
    assert_eq!(next.correlation_id(), context.correlation_id());
    assert_ne!(next.request_id(), context.request_id());
}

#[test]
fn headers_bring_what_they_hold_and_the_rest_is_made() {
    let of = |pairs: &[(&str, &str)]| {
        extract(
            &pairs
                .iter()
                .map(|(name, value)| ((*name).into(), (*value).into()))
                .collect::<Vec<(String, String)>>(),
        )
    };
    let both = of(&[("X-Correlation-ID", "c"), ("x-request-id", " r\t")]);
    assert_eq!((both.correlation_id().as_str(), both.request_id().as_str()), ("c", "r"));
    assert!(!both.was_replaced());
    let one = of(&[("x-correlation-id", "c")]);
    assert_eq!((one.correlation_id().as_str(), one.request_id().as_str().len()), ("c", 36));
    let other = of(&[("x-request-id", "r")]);
    assert_eq!((other.correlation_id().as_str(), other.request_id().as_str()), ("r", "r"));
    let none = of(&[]);
    assert_eq!(none.correlation_id(), none.request_id());
    assert!(!none.was_replaced());
}

#[test]
fn a_hostile_id_is_replaced_and_the_context_says_so() {
    let hostile = String::from("x\",\"level\":\"error");
    for name in [CORRELATION_ID, REQUEST_ID] {
        let context = extract(&HashMap::from([(name.to_owned(), hostile.clone())]));
        assert!(context.was_replaced());
        assert_eq!([context.correlation_id(), context.request_id()].map(|id| id.as_str().len()), [36, 36]);
    }
}

#[test]
fn ids_go_out_once_whatever_stood_there() {
    let context = Context::correlated(id("order-7"));
    let stale = [("X-Request-Id", "old"), ("X-CORRELATION-ID", "old"), ("accept", "*/*")];
    let stale = stale.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let (mut hashed, mut sorted, mut listed) =
        (HashMap::from(stale.clone()), BTreeMap::from(stale.clone()), Vec::from(stale));
    inject(&mut hashed);
    assert_eq!(hashed.get("X-Request-Id").map(String::as_str), Some("old"));
    context.scope(|| {
        inject(&mut hashed);
        inject(&mut sorted);
        inject(&mut listed);
    });
    assert_eq!([hashed.len(), sorted.len(), listed.len()], [3, 3, 3]);
    assert_eq!([extract(&hashed), extract(&sorted), extract(&listed)], [0; 3].map(|_| context.clone()));
}
