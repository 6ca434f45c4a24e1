use std::{
    cmp::Reverse,
    collections::{BinaryHeap, VecDeque},
};

use super::Token;
use crate::clock::Instant;

/// When a record ends, and which one: its token and its key's hash.
pub(super) type End = (Instant, Token, u64);

/// When records end, soonest first. Most come in that order, and stand in line; the others are sorted.
pub(super) struct Ends {
    line: VecDeque<End>,
    others: BinaryHeap<Reverse<End>>,
}

impl Ends {
    pub(super) const fn new() -> Self {
        Self { line: VecDeque::new(), others: BinaryHeap::new() }
    }

    pub(super) fn push(&mut self, end: End) {
        match self.line.back() {
            Some(last) if last.0 > end.0 => self.others.push(Reverse(end)),
            _ => self.line.push_back(end),
        }
    }

    fn first_is_in_line(&self) -> bool {
        match (self.line.front(), self.others.peek()) {
            (Some(line), Some(Reverse(other))) => line.0 <= other.0,
            (line, _) => line.is_some(),
        }
    }

    pub(super) fn peek(&self) -> Option<&End> {
        if self.first_is_in_line() { self.line.front() } else { self.others.peek().map(|Reverse(end)| end) }
    }

    pub(super) fn pop(&mut self) -> Option<End> {
        if self.first_is_in_line() {
            self.line.pop_front()
        } else {
            self.others.pop().map(|Reverse(end)| end)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_come_out_soonest_first_in_whatever_order_they_went_in() {
        let mut ends = Ends::new();
        let order = [5, 7, 3, 9, 9, 1, 8, 2, 10, 4, 6];
        for (token, at) in order.into_iter().enumerate() {
            ends.push((Instant::from_nanos(at), Token(token as u64), at));
        }
        let mut out = Vec::new();
        while let Some(end) = ends.peek().copied() {
            assert_eq!(ends.pop(), Some(end));
            out.push(end.2);
        }
        assert_eq!(out, [1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 10]);
    }
}
