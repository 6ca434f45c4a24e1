//! How a breaker follows a configuration that is set from outside while it runs.

use std::sync::Arc;

use super::{
    CircuitBreaker, CircuitBreakerConfig,
    run::Locked,
    word::{Effect, Mode},
};
use crate::{clock, overrides::Live, sync::Ordering};

/// Where a breaker's configuration is.
#[derive(Debug)]
#[allow(clippy::large_enum_variant, reason = "breakers are made in constants, where nothing can be boxed")]
pub(super) enum Source {
    Own(Live<CircuitBreakerConfig>),
    /// That of all keys.
    OfAll(Arc<Live<CircuitBreakerConfig>>),
}

impl Source {
    #[inline]
    pub(super) fn live(&self) -> &Live<CircuitBreakerConfig> {
        match self {
            Self::Own(live) => live,
            Self::OfAll(live) => live,
        }
    }
}

/// Which configuration the machine was told last, as the word of that reading. Equal ones have the same, and the code's has it
/// wherever the breaker moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Followed(u32);

impl Followed {
    /// The code's, and on.
    pub(super) const START: Self = Self(0);

    #[inline]
    pub(super) fn of(live: &Live<CircuitBreakerConfig>) -> (&CircuitBreakerConfig, Self) {
        let reading = live.reading();
        (live.of(reading), Self(reading))
    }

    /// Whether it is switched off.
    pub(super) const fn is_off(self) -> bool {
        Live::<CircuitBreakerConfig>::is_off_in(self.0)
    }
}

impl CircuitBreaker {
    /// The configuration in force, which the machine goes by from here on.
    ///
    /// Whoever changes the machine calls this first, so that nothing is ever decided by two configurations at once.
    #[inline]
    pub(super) fn follow(&self, locked: &mut Locked) -> &CircuitBreakerConfig {
        let (config, followed) = Followed::of(self.source.live());
        if locked.followed != followed {
            let was_off = std::mem::replace(&mut locked.followed, followed).is_off();
            self.adopt(locked, config, was_off);
        }
        config
    }

    /// A switch starts closed, as an order does. A change of what outcomes are sampled by starts a new epoch, in which the
    /// calls in flight are late. Any other change leaves calls, counts and phase as they are.
    #[cold]
    fn adopt(&self, locked: &mut Locked, config: &CircuitBreakerConfig, was_off: bool) {
        let off = locked.followed.is_off();
        let keeps = locked.machine.adopt(config);
        if off != was_off {
            locked.machine.close(config);
            self.publish(locked, config, if off { Mode::Disabled } else { locked.ordered });
        } else if keeps {
            // Under the options in force until now a success could open nothing; under these one may.
            let effect = match locked.machine.effect_of_success(config) {
                Effect::None => Effect::None,
                Effect::Deferred | Effect::Immediate => Effect::Immediate,
            };
            self.word.update(|word| match effect {
                Effect::None => word.with_effect(effect).with_unheard(0),
                _ => word.with_effect(effect),
            });
        } else {
            let mode = self.word.load().mode();
            self.publish(locked, config, mode);
        }
        self.note_longest(locked, config);
    }

    /// An open period under way may be longer than those that are begun now.
    pub(super) fn note_longest(&self, locked: &Locked, config: &CircuitBreakerConfig) {
        let longest = config.longest_period().max(locked.machine.period());
        self.longest.store(clock::nanos(longest), Ordering::Relaxed);
    }

    /// Follows what was just set.
    pub(super) fn changed(&self) {
        let mut locked = self.locked();
        self.follow(&mut locked);
        drop(locked);
        self.tell();
    }
}
