use std::time::Duration;

use super::{Handler, HandlerProgress, HandlerState, Phase, Place};
use crate::{Name, clock::Instant};

/// Names a registered handler.
pub(super) type Id = u64;

/// What the state knows of a handler.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) id: Id,
    pub(super) name: Name,
    pub(super) phase: Phase,
    pub(super) after: Vec<Name>,
    /// What it asks for.
    pub(super) timeout: Option<Duration>,
    pub(super) place: Place,
    /// Its place in its phase: by registration, and the clients behind all others, the last one first.
    pub(super) rank: (bool, i64),
    pub(super) state: HandlerState,
    pub(super) started: Option<Instant>,
    pub(super) ended: Option<Instant>,
    /// What it got.
    pub(super) limit: Option<Duration>,
}

impl Entry {
    pub(super) fn of(handler: &Handler, id: Id, place: Place) -> Self {
        let number = id as i64;
        Self {
            id,
            name: handler.name.clone(),
            phase: handler.phase,
            after: handler.after.clone(),
            timeout: handler.timeout,
            place,
            rank: if handler.is_client { (true, -number) } else { (false, number) },
            state: HandlerState::Waiting,
            started: None,
            ended: None,
            limit: None,
        }
    }

    /// When its time is up.
    pub(super) fn deadline(&self) -> Instant {
        match (self.started, self.limit) {
            (Some(started), Some(limit)) => started + limit,
            _ => Instant::NEVER,
        }
    }

    pub(super) fn progress(&self, now: Instant) -> HandlerProgress {
        HandlerProgress {
            name: self.name.clone(),
            phase: self.phase,
            state: self.state.clone(),
            took: self.started.map(|started| self.ended.unwrap_or(now).saturating_since(started)),
            limit: self.limit.or(self.timeout),
            place: self.place,
        }
    }
}
