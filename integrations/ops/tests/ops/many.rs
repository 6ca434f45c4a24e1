//! Five hundred sites.
#![allow(missing_docs, dead_code)]

macro_rules! sites {
    ($($outer:ident)* ; $inner:tt) => { $( pub mod $outer { sites!(@ $inner); } )* };
    (@ { $($middle:ident)* ; $leaves:tt }) => { $( pub mod $middle { sites!(= $leaves); } )* };
    (= { $($leaf:ident)* }) => {
        $(
            #[mainstay::metered]
            #[mainstay::retry(max_attempts = 2, initial_delay = "1ms")]
            #[mainstay::circuit_breaker(failure_threshold = 5, timeout = "5s")]
            #[mainstay::bulkhead(16)]
            #[mainstay::timeout("50ms")]
            pub async fn $leaf(input: u64) -> Result<u64, mainstay::Error> {
                tokio::task::yield_now().await;
                Ok(input)
            }
        )*
        pub async fn call(input: u64) {
            $( let _ = $leaf(input).await; )*
        }
    };
}

sites! {
    accounts billing catalogue delivery identity;
    { audit commands events queries reports imports exports mirror search webhooks;
      { create read update delete list merge archive restore publish revoke } }
}

macro_rules! call_all {
    ($input:ident; $($outer:ident)*) => { $( call_all!(@ $input $outer; audit commands events queries reports imports exports mirror search webhooks); )* };
    (@ $input:ident $outer:ident; $($middle:ident)*) => { $( $outer::$middle::call($input).await; )* };
}

/// Calls each once.
pub async fn call(input: u64) {
    call_all!(input; accounts billing catalogue delivery identity);
}
