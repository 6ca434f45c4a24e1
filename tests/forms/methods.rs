//! Methods with every kind of receiver, and associated functions.

use std::{pin::Pin, rc::Rc, sync::Arc};

use mainstay::{fallback, retry, timeout};

use crate::support::*;

#[derive(Default)]
struct Client {
    flaky: Flaky,
    calls: u32,
    log: Vec<u32>,
}

impl Client {
    #[retry]
    #[timeout("1s")]
    async fn shared(&self, add: u32) -> Answer {
        Ok(self.flaky.until(3)? + add)
    }
    #[retry]
    fn shared_sync(&self, add: u32) -> Answer {
        Ok(self.flaky.until(3)? + add)
    }

    #[retry]
    #[timeout("1s")]
    async fn exclusive(&mut self, add: u32) -> Answer {
        self.calls += add;
        tokio::task::yield_now().await;
        self.log.push(self.calls);
        if self.log.len() < 3 { Err(Failure::Reset) } else { Ok(self.calls) }
    }
    #[retry]
    fn exclusive_sync(&mut self, add: u32) -> Answer {
        self.calls += add;
        self.log.push(self.calls);
        if self.log.len() < 3 { Err(Failure::Reset) } else { Ok(self.calls) }
    }

    #[fallback(|_| Ok(9))]
    #[timeout("1s")]
    async fn owned(self, fails: bool) -> Answer {
        let Self { calls, .. } = self;
        if fails { Err(Failure::Reset) } else { Ok(calls) }
    }
    #[fallback(|_| Ok(9))]
    fn owned_sync(mut self, fails: bool) -> Answer {
        self.calls += 1;
        drop(self.log);
        if fails { Err(Failure::Reset) } else { Ok(self.calls) }
    }

    #[retry]
    #[timeout("1s")]
    async fn in_arc(self: Arc<Self>, add: u32) -> Answer {
        Ok(self.flaky.until(3)? + add)
    }
    #[retry]
    async fn in_borrowed_arc(self: &Arc<Self>) -> Answer {
        self.flaky.until(3)
    }
    #[retry]
    fn in_rc(self: Rc<Self>) -> Answer {
        self.flaky.until(3)
    }
    #[retry]
    fn in_box(self: Box<Self>) -> Answer {
        self.flaky.until(3)
    }
    #[retry]
    #[timeout("1s")]
    async fn pinned(mut self: Pin<&mut Self>) -> Answer {
        self.calls += 1;
        if self.calls < 3 { Err(Failure::Reset) } else { Ok(self.calls) }
    }

    #[retry]
    async fn associated(flaky: &Flaky) -> Answer<Self> {
        flaky.until(2)?;
        Ok(Self { calls: 5, ..Self::default() })
    }
    #[retry]
    fn associated_sync(flaky: &Flaky) -> Answer<Self> {
        flaky.until(2)?;
        Ok(Self { calls: 5, ..Self::default() })
    }
}

#[tokio::test(start_paused = true)]
async fn a_shared_receiver_serves_every_attempt() {
    assert_eq!(Client::default().shared(4).await, Ok(7));
    assert_eq!(at_once(|| Client::default().shared_sync(4)), Ok(7));
}

#[tokio::test(start_paused = true)]
async fn an_exclusive_receiver_keeps_what_each_attempt_did() {
    let mut client = Client::default();
    assert_eq!(client.exclusive(2).await, Ok(6));
    assert_eq!(client.log, [2, 4, 6]);
    let mut client = Client::default();
    assert_eq!(at_once(|| client.exclusive_sync(2)), Ok(6));
    assert_eq!(client.log, [2, 4, 6]);
}

#[tokio::test(start_paused = true)]
async fn an_owned_receiver_may_be_taken_apart() {
    for (fails, expected) in [(false, 8), (true, 9)] {
        assert_eq!(Client { calls: 8, ..Client::default() }.owned(fails).await, Ok(expected));
        assert_eq!(Client { calls: 7, ..Client::default() }.owned_sync(fails), Ok(expected));
    }
}

#[tokio::test(start_paused = true)]
async fn a_receiver_may_be_behind_a_pointer() {
    assert_eq!(Arc::new(Client::default()).in_arc(1).await, Ok(4));
    assert_eq!(Arc::new(Client::default()).in_borrowed_arc().await, Ok(3));
    assert_eq!(at_once(|| Rc::new(Client::default()).in_rc()), Ok(3));
    assert_eq!(at_once(|| Box::new(Client::default()).in_box()), Ok(3));
}

#[tokio::test(start_paused = true)]
async fn a_receiver_may_be_pinned() {
    let mut client = std::pin::pin!(Client::default());
    // A pinned receiver is moved by a deref through it; each attempt borrows it anew.
    assert_eq!(client.as_mut().pinned().await, Ok(3));
}

#[tokio::test(start_paused = true)]
async fn an_associated_function_needs_no_receiver() {
    assert_eq!(Client::associated(&Flaky::default()).await.unwrap().calls, 5);
    assert_eq!(at_once(|| Client::associated_sync(&Flaky::default())).unwrap().calls, 5);
}
