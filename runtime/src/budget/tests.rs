use std::time::Duration;

use super::*;
use crate::{
    clock::ManualClock,
    overrides::Live,
    registry::{Policy, policies},
};

const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

fn budget(ratio: f64, floor: f64) -> Budget {
    Budget::builder().ratio(ratio).floor(floor).build("b").unwrap()
}

fn granted(budget: &Budget, wanted: usize) -> usize {
    (0..wanted).filter(|_| budget.withdraw()).count()
}

#[test]
fn a_share_of_the_first_calls_may_be_made_again() {
    let _installed = ManualClock::new().install();
    let budget = budget(0.2, 0.0);
    (0..50).for_each(|_| budget.deposit());
    assert_eq!((budget.available(), granted(&budget, 50)), (10, 10));
    assert_eq!(
        (budget.first_calls(), budget.withdrawn(), budget.refused(), budget.available()),
        (50, 10, 40, 0)
    );
}

#[test]
fn a_service_without_calls_has_the_floor_of_a_window() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let budget = budget(0.2, 3.0);
    assert_eq!(granted(&budget, 100), 30);
    clock.advance(ms(10_000));
    assert_eq!(granted(&budget, 100), 30);
}

#[test]
fn what_is_older_than_the_window_is_forgotten() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let budget = budget(0.5, 0.0);
    (0..10).for_each(|_| budget.deposit());
    clock.advance(ms(8_000));
    assert_eq!(granted(&budget, 10), 5);
    clock.advance(ms(2_000));
    assert_eq!(granted(&budget, 10), 0);
    (0..10).for_each(|_| budget.deposit());
    // The withdrawals of two seconds ago still count.
    assert_eq!(granted(&budget, 10), 0);
    clock.advance(ms(8_000));
    assert_eq!(granted(&budget, 10), 5);
}

#[test]
fn a_deposit_that_is_taken_back_was_never_made() {
    let _installed = ManualClock::new().install();
    let budget = budget(1.0, 0.0);
    budget.deposit();
    budget.deposit();
    budget.take_back();
    assert_eq!((granted(&budget, 5), budget.first_calls()), (1, 1));
}

#[test]
fn where_the_clock_goes_back_time_stands_still() {
    let later = ManualClock::new();
    let budget = budget(0.5, 0.0);
    {
        let _installed = later.install();
        later.advance(ms(3_600_000));
        (0..4).for_each(|_| budget.deposit());
    }
    let _installed = ManualClock::new().install();
    (0..4).for_each(|_| budget.deposit());
    assert_eq!(granted(&budget, 10), 4);
}

#[test]
fn options_that_make_no_sense_are_refused_by_name() {
    let at_fault = |config: BudgetConfig| config.check().unwrap_err().option();
    let config = BudgetConfig::new();
    for wrong in [-0.1, f64::NAN, f64::INFINITY] {
        assert_eq!(at_fault(config.ratio(wrong)), "ratio");
        assert_eq!(at_fault(config.floor(wrong)), "floor");
    }
    assert_eq!(at_fault(config.window(ms(9))), "window");
    assert!(config.ratio(0.0).floor(0.0).check().is_ok());
}

#[test]
fn ratio_and_floor_are_set_from_outside_and_switched_off_it_permits_all() {
    let _installed = ManualClock::new().install();
    let budget = budget(0.1, 0.0);
    (0..100).for_each(|_| budget.deposit());
    assert_eq!(granted(&budget, 100), 10);
    let set = |option: &str, text: &str| {
        let live: &Live<BudgetConfig> = Policy::live(&budget).unwrap();
        let option = Budget::OPTIONS.iter().find(|known| known.name() == option).unwrap();
        live.set(option.read(*live.get(), text).unwrap(), true);
        option.show(live.get()).unwrap()
    };
    assert_eq!((set("ratio", "0.3"), granted(&budget, 100)), ("0.3".to_owned(), 20));
    assert_eq!((set("floor", "1.5"), granted(&budget, 100)), ("1.5".to_owned(), 15));
    let live = Policy::live(&budget).unwrap();
    live.set(*live.code(), false);
    let counted = budget.withdrawn();
    assert_eq!((granted(&budget, 1000), budget.withdrawn()), (1000, counted));
}

#[test]
fn one_that_was_only_named_gets_the_options_that_a_builder_gives_and_conflicts_with_none() {
    let _installed = ManualClock::new().install();
    let named: &'static Budget = Box::leak(Box::new(Budget::named("budget.named")));
    assert_eq!(named.config(), &BudgetConfig::new());
    let stated = BudgetConfig::new().ratio(0.5).window(ms(1_000));
    named.settle(stated);
    named.settle(BudgetConfig::new().ratio(0.9));
    assert_eq!(named.config(), &stated);
    assert!(named.same_config(&Budget::named("budget.named")));
    assert!(named.same_config(&stated.build("budget.named").unwrap()));
    assert!(!named.same_config(&BudgetConfig::new().build("budget.named").unwrap()));
    (0..40).for_each(|_| named.deposit());
    assert_eq!(named.available(), 30);
}

#[test]
fn it_is_found_by_its_name() {
    let budget = Budget::builder().ratio(0.05).register("budget.by_name").unwrap();
    assert!(std::ptr::eq(policies().budget("budget.by_name").unwrap(), budget));
    let listed = policies().all();
    let listed = listed.iter().find(|listed| listed.name() == "budget.by_name").unwrap().policy();
    assert_eq!((listed.kind(), listed.config().as_str()), ("budget", "ratio 0.05, floor 10, window 10s"));
}

#[test]
fn the_latest_first_calls_of_a_busy_thread_count_when_the_clock_is_next_looked_at() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let budget = budget(1.0, 0.0);
    // Beyond a thousand the clock is looked at after each 64th.
    (0..2000).for_each(|_| budget.deposit());
    clock.advance(ms(60_000));
    (0..640).for_each(|_| budget.deposit());
    let available = budget.available();
    assert!((640 - 64..=640).contains(&available), "{available}");
}
