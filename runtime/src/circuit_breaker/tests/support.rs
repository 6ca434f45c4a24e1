use std::{sync::Arc, sync::Mutex, time::Duration};

use crate::{
    Error,
    circuit_breaker::{CircuitBreaker, CircuitBreakerConfig, State, Verdict, Window},
    observe::{self, Event, Subscription},
    registry::Policy,
};

pub(super) const SECOND: Duration = Duration::from_secs(1);

pub(super) fn build(config: CircuitBreakerConfig) -> CircuitBreaker {
    config.build("test").unwrap()
}

/// A rate over a count.
pub(super) fn rate(rate: f64, window: u32) -> CircuitBreakerConfig {
    CircuitBreaker::builder().failure_rate(rate).window(Window::Count(window))
}

/// Makes a call per letter: `S` succeeds, `F` fails, `I` is ignored. Gives the letters of those that ran, and `x` for
/// those that were refused.
pub(super) fn play(breaker: &CircuitBreaker, script: &str) -> String {
    let call = |letter| match breaker.admit() {
        Err(Error::CircuitOpen { .. }) => 'x',
        Err(error) => panic!("{error}"),
        Ok(permit) => {
            permit.settle(match letter {
                'S' => Verdict::Success,
                'F' => Verdict::Failure,
                'I' => Verdict::Ignored,
                other => panic!("{other}"),
            });
            letter
        }
    };
    script.chars().map(call).collect()
}

/// What a load of overrides does to a breaker.
pub(super) fn steer(breaker: &CircuitBreaker, config: CircuitBreakerConfig, on: bool) {
    assert!(Policy::live(breaker).unwrap().set(config, on));
    Policy::changed(breaker);
}

type Heard = Arc<Mutex<Vec<(State, State)>>>;

/// Hears the changes of state of the policy of that name.
pub(super) fn hear(name: &'static str) -> (Subscription, Heard) {
    let heard = Arc::new(Mutex::new(Vec::new()));
    let subscription = observe::listen({
        let heard = Arc::clone(&heard);
        move |event| {
            if let Event::StateChanged { policy, from, to } = event
                && *policy == name
            {
                heard.lock().unwrap().push((*from, *to));
            }
        }
    });
    (subscription, heard)
}
