//! What expanded attributes call. Not part of the public API: it changes with the macros.

pub mod adaptive_limit;
mod arguments;
pub mod cached;
mod deadline;
mod fallback;
mod flow;
pub mod health;
mod hedge;
mod idempotent;
pub mod metered;
mod on_shutdown;
mod pause;
mod rate_limit;
mod retry;
mod store;
pub mod throttle;
pub mod trace;

pub use std::time::Duration;

pub use linkme;

pub use crate::{
    __class_of as class_of, __error_of as error_of, __refusing as refusing, __sharing as sharing,
    budget::Budget,
    bulkhead::{Bulkhead, BulkheadConfig, Entry},
    catalog::{Layer, SITES, Site},
    chaos::{Chaos, ChaosConfig, is_any_on as is_any_chaos_on},
    circuit_breaker::{CircuitBreaker, CircuitBreakerConfig, KeyedCircuitBreaker, OnCancel, Verdict, Window},
    classify::{Class, Classify},
    clock::{Instant, sleep_blocking},
    fallback::FallbackSwitch,
    fallible::{Fallible, FromRefusal},
    hedge::{Hedge, HedgeConfig, Outcome},
    idempotent::{
        Answers, Begun as Start, Idempotency, IdempotencyConfig, InFlight, OnCancel as OnCancelledKey,
        OnDuplicate, Values,
    },
    permit::{Learning, Meaning, judged},
    rate_limit::{
        Algorithm, Asked, KeyedRateLimiter, OnStoreError as OnLimitStoreError, Rate, RateLimitConfig,
        RateLimiter, SharedLimit, Tokens,
    },
    registry::Slot,
    retry::{Attempts, Backoff, Decision, Jitter, NextAttempt, PerCall, Retry, RetryConfig},
    shutdown::{After, Call as HandlerCall, HANDLERS, Linked, LinkedOptions, Phase},
    store::{OnStoreError, ToStore},
    timeout::{Deadline, Timeout, limited, on_thread, own_timeout, timed},
};
pub use arguments::{
    HookAnswer, HookPath, RetryAfter, ask, call, hint, next_argument, tell, tell_async_closure, tell_closure,
    tell_path, typed,
};
pub use deadline::{done_until, done_within, wait_until};
pub use fallback::{
    ArgumentsForClosuresOnly, FallbackPath, IsAnswer, Reply, answer, fall_back_0, fall_back_1, fall_back_2,
    fall_back_3, fall_back_4, fall_back_5, fall_back_6, reply,
};
pub use flow::{Flow, full, pass, refuse, refuse_with};
pub use hedge::{HedgeNumber, failed, hedged};
pub use idempotent::{
    Call, Keeping, end_local, in_flight, in_store, keeping, keeping_in, key, print, renewing, start_local,
    start_local_async, start_local_now,
};
pub use on_shutdown::{HandlerFunction, handle, handle_sync, key_of};
pub use pause::{Pause, sleep};
pub use rate_limit::limit_store;
pub use retry::{begin, begin_with, computed, config_of, deposit, next, next_within, paid, started};
pub use store::stored;
