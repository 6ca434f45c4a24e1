use std::collections::VecDeque;

/// The servers, and who waits for one.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) servers: u32,
    busy: u32,
    waiting: VecDeque<usize>,
    longest: Option<usize>,
}

/// What becomes of a call that comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Served,
    Waits,
    Rejected,
}

impl Line {
    pub(super) fn new(servers: u32, longest: Option<usize>) -> Self {
        Self { servers, busy: 0, waiting: VecDeque::new(), longest }
    }

    pub(super) fn arrive(&mut self, call: usize) -> Place {
        if self.busy < self.servers && self.waiting.is_empty() {
            self.busy += 1;
            return Place::Served;
        }
        if self.longest.is_some_and(|longest| self.waiting.len() >= longest) {
            return Place::Rejected;
        }
        self.waiting.push_back(call);
        Place::Waits
    }

    /// A server is free.
    pub(super) fn finish(&mut self) {
        self.busy = self.busy.saturating_sub(1);
    }

    /// The next call that a free server takes.
    pub(super) fn next(&mut self) -> Option<usize> {
        if self.busy >= self.servers {
            return None;
        }
        let call = self.waiting.pop_front()?;
        self.busy += 1;
        Some(call)
    }
}
