//! Forms of functions and types.

use super::expand::check;
use crate::{entry, stack::Kind};

#[test]
fn functions() {
    for (name, source) in [
        ("sync", "#[retry]\nfn get(id: u64) -> Result<Order, E> { fetch(id) }"),
        (
            "sync_queue",
            "#[bulkhead(10, max_wait = \"1s\")]\nfn get(id: u64) -> Result<Order, E> { fetch(id) }",
        ),
        (
            "sync_timeout",
            "#[timeout(\"2s\", blocking = thread)]\nfn get(id: u64) -> Result<Order, E> { fetch(id) }",
        ),
        (
            "returned_future",
            "#[timeout(\"2s\")]\nfn get(id: u64) -> impl Future<Output = Result<Order, E>> { let url = url(id); fetch(url) }",
        ),
        (
            "returned_async_block",
            "#[timeout(\"2s\")]\nfn get(id: u64) -> impl Future<Output = Result<Order, E>> { let url = url(id); async move { fetch(url).await } }",
        ),
        (
            "generic",
            "#[bulkhead(10)]\npub async fn get<T: Id>(mut id: T, (a, b): (u8, u8), by: impl AsRef<str>) -> Result<impl Iterator<Item = Order>, E> where T: Clone { fetch(id, a, b, by).await }",
        ),
        (
            "cached_sync",
            "#[cached(ttl = \"60s\", stale_for = \"10s\")]\nfn get(name: &str, mut page: u32) -> Result<Order, E> { page += 1; fetch(name, page) }",
        ),
        (
            "cached_future",
            "#[cached(ttl = \"60s\")]\nfn get(name: String) -> impl Future<Output = Result<Order, E>> { fetch(name) }",
        ),
        ("consumed_argument", "#[retry]\nasync fn put(order: Order) -> Result<(), E> { send(order).await }"),
        (
            "cloned_argument",
            "#[retry(clone(order))]\nasync fn put(mut order: Order) -> Result<(), E> { order.stamp(); send(order).await }",
        ),
    ] {
        check(&format!("function__{name}"), source);
    }
}

#[test]
fn methods() {
    for (name, source) in [
        (
            "shared_self",
            "impl Client {\n    #[circuit_breaker(with = self.breaker)]\n    async fn get(&self, id: u64) -> Result<Order, E> { self.fetch(id).await }\n}",
        ),
        (
            "refreshed_self",
            "impl Client {\n    #[cached(ttl = \"60s\", stale_for = \"10s\", key = (&self.region, id))]\n    #[circuit_breaker(with = self.breaker)]\n    async fn get(&self, id: u64) -> Result<Order, E> { self.fetch(id).await }\n}",
        ),
        (
            "exclusive_self_fallback",
            "impl Client {\n    #[fallback(Self::cached)]\n    fn get(&mut self, id: u64) -> Result<Order, E> { self.fetch(id) }\n}",
        ),
        (
            "async_trait",
            "impl Get for Client {\n    #[circuit_breaker(with = self.breaker)]\n    fn get<'a, 'async_trait>(&'a self, id: u64) -> ::core::pin::Pin<Box<dyn ::core::future::Future<Output = Result<Order, E>> + ::core::marker::Send + 'async_trait>> where 'a: 'async_trait, Self: 'async_trait {\n        Box::pin(async move {\n            if let ::core::option::Option::Some(__ret) = ::core::option::Option::None::<Result<Order, E>> { return __ret; }\n            let __self = self;\n            let id = id;\n            let __ret: Result<Order, E> = { __self.fetch(id).await };\n            __ret\n        })\n    }\n}",
        ),
    ] {
        check(&format!("method__{name}"), source);
    }
}

#[test]
fn classify() {
    for (name, source) in [
        (
            "enum",
            "#[derive(Classify)]\nenum E {\n    #[transient]\n    Down,\n    #[permanent]\n    Declined(u32),\n    #[ignored]\n    Gone { by: User },\n    #[throttled]\n    Busy,\n    #[throttled(retry_after = after)]\n    Limited { after: Duration },\n    #[throttled(retry_after = 1)]\n    LimitedToo(u32, Duration),\n    Unmarked,\n    Policy(mainstay::Error),\n}",
        ),
        (
            "default",
            "#[derive(Classify)]\n#[permanent]\nenum E {\n    Declined,\n    #[transient]\n    Down,\n}",
        ),
        (
            "struct",
            "#[derive(Classify)]\n#[throttled(retry_after = after)]\nstruct E {\n    after: Duration,\n    code: u16,\n}",
        ),
        ("newtype", "#[derive(Classify)]\nstruct E(Inner);"),
        (
            "generic",
            "#[derive(Classify)]\nenum E<'a, T: Classify, const N: usize>\nwhere\n    T: Clone,\n{\n    Inner(T),\n    #[permanent]\n    Text(&'a [u8; N]),\n}",
        ),
        ("empty", "#[derive(Classify)]\nenum Never {}"),
    ] {
        check(&format!("classify__{name}"), source);
    }
}

#[test]
fn a_half_typed_body_is_kept_as_it_is() {
    let function = "async fn get(id: u64) -> Result<Order, E> { let order = fetch(id). }";
    let function = function.parse().expect("it has tokens");
    let output = entry::attribute(Kind::Timeout, quote::quote!("2s"), function).to_string();
    assert!(output.contains("let order = fetch (id) ."), "{output}");
    assert!(!output.contains("compile_error"), "{output}");
}
