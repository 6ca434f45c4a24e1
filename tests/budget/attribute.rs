//! `#[retry(budget = …)]`.

use std::{
    cell::Cell,
    sync::{Arc, Mutex},
    time::Duration,
};

use mainstay::{
    Error, budget::Budget, bulkhead, clock, clock::ManualClock, observe, policies, retry, retry::Retry,
};

type Answer = Result<(), Error>;

fn down(calls: &Cell<u32>) -> Answer {
    calls.set(calls.get() + 1);
    Err(Error::timed_out("upstream", Duration::ZERO))
}

#[tokio::test(start_paused = true)]
async fn a_call_that_finds_the_budget_used_up_returns_its_last_error_at_once() {
    #[retry("budget.up", max_attempts = 100, initial_delay = "1s", jitter = none, budget = 0.2)]
    async fn call(calls: &Cell<u32>) -> Answer {
        down(calls)
    }
    let heard = Arc::new(Mutex::new(0));
    let ears = Arc::clone(&heard);
    let _listening = observe::listen(move |event| {
        if let observe::Event::OutOfBudget { policy: "budget.up", budget, .. } = event {
            assert!(budget.ends_with("::call"), "{budget}");
            *ears.lock().unwrap() += 1;
        }
    });
    let calls = Cell::new(0);
    let start = clock::now();
    call(&calls).await.unwrap_err();
    // Ten a second may be made over ten seconds, and a first call; beyond the window the floor grows again.
    assert!((100..=102).contains(&calls.get()), "{}", calls.get());
    let retry = policies().retry("budget.up").unwrap();
    let ended_by_attempts = retry.out_of_attempts() == 1;
    assert!(ended_by_attempts, "the waits are long enough for the floor");
    assert!(clock::now().saturating_since(start) > Duration::from_secs(60));

    #[retry("budget.up.2", max_attempts = 1000, initial_delay = "0s", max_delay = "0s", budget = 0.2)]
    async fn eager(calls: &Cell<u32>) -> Answer {
        down(calls)
    }
    calls.set(0);
    let start = clock::now();
    eager(&calls).await.unwrap_err();
    let retry = policies().retry("budget.up.2").unwrap();
    // A hundred for the window's floor, and a fifth of one call.
    assert_eq!((calls.get(), retry.retries(), retry.out_of_budget(), retry.exhausted()), (101, 100, 1, 0));
    assert_eq!(clock::now(), start);
    assert_eq!(*heard.lock().unwrap(), 0);
}

#[test]
fn the_event_names_the_policy_and_the_budget() {
    #[retry("budget.event", initial_delay = "1ms", budget = "budget.event.paid")]
    fn call(calls: &Cell<u32>) -> Answer {
        down(calls)
    }
    let _installed = ManualClock::new().install();
    Budget::builder().ratio(0.0).floor(0.0).register("budget.event.paid").unwrap();
    let heard = Arc::new(Mutex::new(Vec::new()));
    let ears = Arc::clone(&heard);
    let _listening = observe::listen(move |event| {
        if let observe::Event::OutOfBudget { policy: "budget.event", budget, .. } = event {
            ears.lock().unwrap().push((*budget).to_owned());
        }
    });
    call(&Cell::new(0)).unwrap_err();
    assert_eq!(*heard.lock().unwrap(), ["budget.event.paid"]);
}

#[test]
fn functions_that_name_one_budget_share_it() {
    #[retry("budget.one", initial_delay = "1ms", budget = "budget.shared")]
    fn one(calls: &Cell<u32>) -> Answer {
        down(calls)
    }
    #[retry("budget.two", initial_delay = "1ms", budget = "budget.shared")]
    fn two(calls: &Cell<u32>) -> Answer {
        down(calls)
    }
    let _installed = ManualClock::new().install();
    let budget = Budget::builder().ratio(0.5).floor(0.0).register("budget.shared").unwrap();
    assert!(std::ptr::eq(policies().budget("budget.shared").unwrap(), budget));
    let calls = Cell::new(0);
    one(&calls).unwrap_err();
    assert_eq!((calls.get(), budget.available()), (1, 0));
    two(&calls).unwrap_err();
    // The second first call has paid for one retry.
    assert_eq!((calls.get(), budget.first_calls(), budget.withdrawn(), budget.refused()), (3, 2, 1, 2));
    assert!(policies().conflicts().iter().all(|conflict| conflict.name != "budget.shared"));
}

#[test]
fn what_a_policy_refuses_neither_spends_nor_pays() {
    #[retry("budget.refusals", initial_delay = "1ms", budget = "budget.refused")]
    #[bulkhead("budget.refusals", 1)]
    fn call(depth: u32) -> Answer {
        if depth > 0 { call(depth - 1) } else { Ok(()) }
    }
    let _installed = ManualClock::new().install();
    let budget = Budget::builder().register("budget.refused").unwrap();
    call(0).unwrap();
    assert_eq!((budget.first_calls(), budget.withdrawn()), (1, 0));
    // The inner call is refused, and for the outer one that is an error of its body, which is final by its class.
    assert!(matches!(call(1), Err(Error::BulkheadFull { .. })));
    assert_eq!((budget.first_calls(), budget.withdrawn(), budget.refused()), (2, 0, 0));
}

#[test]
fn a_function_within_one_that_pays_only_spends() {
    #[retry(max_attempts = 3, initial_delay = "1ms", budget = "budget.within")]
    fn outer(calls: &Cell<u32>) -> Answer {
        inner(calls)
    }
    #[retry(max_attempts = 3, initial_delay = "1ms", budget = within("budget.within"))]
    fn inner(calls: &Cell<u32>) -> Answer {
        down(calls)
    }
    let _installed = ManualClock::new().install();
    let budget = Budget::builder().ratio(1.0).floor(0.0).register("budget.within").unwrap();
    let calls = Cell::new(0);
    (0..10).for_each(|_| outer(&calls).unwrap_err().to_string().clear());
    assert_eq!((budget.first_calls(), budget.withdrawn(), calls.get()), (10, 10, 20));
}

#[test]
fn a_retry_of_one_s_own_brings_its_budget() {
    let _installed = ManualClock::new().install();
    let budget: &'static Budget =
        Box::leak(Box::new(Budget::builder().ratio(0.0).floor(0.1).build("budget.own").unwrap()));
    let retry = Retry::builder().initial_delay(Duration::from_millis(1)).budget(budget).build("own").unwrap();
    #[retry(with = *retry)]
    fn call(retry: &Retry, calls: &Cell<u32>) -> Answer {
        down(calls)
    }
    let calls = Cell::new(0);
    call(&retry, &calls).unwrap_err();
    assert_eq!((calls.get(), budget.first_calls(), retry.out_of_budget()), (2, 1, 1));
    retry.call(|| down(&calls)).unwrap_err();
    assert_eq!((calls.get(), budget.first_calls(), retry.out_of_budget()), (3, 2, 2));
    assert!(policies().budget("budget.own").is_none());
}

#[test]
fn a_budget_is_listed_measured_and_shown_with_its_retry() {
    #[retry("budget.listed.retry", initial_delay = "1ms", budget = "budget.listed")]
    fn call(calls: &Cell<u32>) -> Answer {
        down(calls)
    }
    let _installed = ManualClock::new().install();
    let calls = Cell::new(0);
    call(&calls).unwrap_err();
    let listed = policies().all();
    let find = |name: &str| listed.iter().find(|listed| listed.name() == name).unwrap().policy();
    assert_eq!(find("budget.listed").config(), "ratio 0.2, floor 10, window 10s");
    assert!(find("budget.listed.retry").config().ends_with(", budget = budget.listed"));
    let text = mainstay::metrics::registry().encode(mainstay::metrics::TextFormat::OpenMetrics);
    for line in [
        "mainstay_budget_first_calls_total{name=\"budget.listed\"} 1",
        "mainstay_budget_withdrawals_total{name=\"budget.listed\",outcome=\"permitted\"} 2",
        "mainstay_retry_failed_calls_total{name=\"budget.listed.retry\",result=\"out_of_budget\"} 0",
    ] {
        assert!(text.contains(line), "{line}");
    }
}
