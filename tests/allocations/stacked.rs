//! All six attributes on one function.

use mainstay::{bulkhead, circuit_breaker, fallback, rate_limit, retry, timeout};

use crate::support::*;

#[fallback(|_| Ok(0))]
#[retry]
#[circuit_breaker]
#[rate_limit("1000/s", max_wait = "1s")]
#[bulkhead(10, max_wait = "1s")]
#[timeout("1s")]
async fn six(x: u32) -> Answer {
    Ok(x)
}

#[fallback(|_| Ok(0))]
#[retry]
#[circuit_breaker]
#[rate_limit("1000/s", max_wait = "1s")]
#[bulkhead(10, max_wait = "1s")]
fn five_sync(x: u32) -> Answer {
    Ok(x)
}

struct Client<'a> {
    text: &'a str,
}

impl Client<'_> {
    #[timeout("9s")]
    #[retry(initial_delay = "0s")]
    #[circuit_breaker(failure_threshold = 1000)]
    #[bulkhead(10)]
    async fn method(&mut self, fails: &mut bool) -> Answer {
        if std::mem::take(fails) { Err(Failure::Reset) } else { Ok(self.text.len() as u32) }
    }
}

#[test]
fn a_stack_of_six_allocates_nothing() {
    assert_eq!(allocations_async(|| six(7)), (0, Ok(7)));
    assert_eq!(allocations(|| five_sync(7)), (0, Ok(7)));
}

#[test]
fn a_second_attempt_without_a_wait_allocates_nothing() {
    // A wait of zero is over at once, outside a runtime too.
    let mut client = Client { text: "abc" };
    let answer = allocations(|| {
        let mut fails = true;
        let mut call = std::pin::pin!(client.method(&mut fails));
        loop {
            let mut cx = std::task::Context::from_waker(std::task::Waker::noop());
            if let std::task::Poll::Ready(answer) = call.as_mut().poll(&mut cx) {
                break answer;
            }
        }
    });
    assert_eq!(answer, (0, Ok(3)));
}
