//! How large the futures are, in bytes beyond that of the same function without attributes.
//!
//! The bounds leave a little slack over what was measured, so that growth is noticed.

use std::mem::size_of_val;

use mainstay::{
    adaptive_limit, bulkhead, cache_evict, cached, circuit_breaker, fallback, idempotent, metered,
    rate_limit, retry, throttle, time_it, timeout, trace_span,
};

use crate::support::*;

macro_rules! sizes {
    ($($(#[$attribute:meta])* $name:ident <= $bound:literal;)*) => {
        $(
            $(#[$attribute])*
            async fn $name(x: u32) -> Answer {
                std::future::pending::<()>().await;
                Ok(x)
            }
        )*

        #[test]
        fn a_future_grows_by_no_more_than_stated() {
            async fn bare(x: u32) -> Answer {
                std::future::pending::<()>().await;
                Ok(x)
            }
            let bare = size_of_val(&bare(1));
            let mut too_large = Vec::new();
            $(
                let more = size_of_val(&$name(1)).saturating_sub(bare);
                println!("{:>4} bytes more, at most {:>4}: {}", more, $bound, stringify!($name));
                if more > $bound {
                    too_large.push((stringify!($name), more, $bound));
                }
            )*
            assert_eq!(too_large, [], "name, bytes beyond the bare future, bound");
        }
    };
}

sizes! {
    #[cached(ttl = "1m")] kept <= 208;
    #[cached(ttl = "1m", stale_for = "1m")] refreshed <= 240;
    #[cache_evict("sizes", all)] evicting <= 8;
    #[fallback(|_| Ok(1))] fallback_alone <= 88;
    #[retry] retry_alone <= 32;
    #[circuit_breaker] breaker_alone <= 32;
    #[rate_limit("1/s")] rate_limit_alone <= 24;
    #[rate_limit("1/s", max_wait = "1s")] rate_limit_waiting <= 96;
    #[bulkhead(10)] bulkhead_alone <= 32;
    #[bulkhead(10, max_wait = "1s")] bulkhead_waiting <= 104;
    #[timeout("1s")] timeout_alone <= 32;
    #[adaptive_limit] adaptive_limit_alone <= 40;
    #[adaptive_limit(priority = sheddable)] adaptive_limit_with_priority <= 40;
    #[throttle] throttle_alone <= 32;
    #[metered] metered_alone <= 24;
    #[metered(labels(even = true))] metered_with_labels <= 24;
    #[time_it] time_it_alone <= 24;
    #[trace_span] span_alone <= 48;
    #[trace_span] #[retry] #[circuit_breaker] #[timeout("1s")] span_around_three <= 112;
    #[idempotent(key = 1)] idempotent_alone <= 216;
    #[retry] #[circuit_breaker] #[rate_limit("1/s")] #[bulkhead(10)] #[timeout("1s")] five_refusing <= 88;
    #[fallback(|_| Ok(1))] #[retry] #[circuit_breaker] #[rate_limit("1/s", max_wait = "1s")]
    #[bulkhead(10, max_wait = "1s")] #[timeout("1s")] six_waiting <= 144;
}
