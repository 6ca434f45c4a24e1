//! Places for what is in a wheel, in chunks, so that growing moves nothing.

/// No node.
pub(super) const NIL: u32 = u32::MAX;

const SHIFT: u32 = 8;
const CHUNK: usize = 1 << SHIFT;
/// How many chunks are kept when all nodes are free: 24 KiB.
const KEPT: usize = 4;

/// One thing in one of the wheel's lists.
#[derive(Debug)]
pub(super) struct Node<T> {
    /// Nothing in a free node.
    pub(super) item: Option<T>,
    /// The first node has `NIL` here.
    pub(super) previous: u32,
    /// The next node of the list, or of the free ones.
    pub(super) next: u32,
    /// The list it is in.
    pub(super) list: u16,
}

#[derive(Debug)]
pub(super) struct Nodes<T> {
    chunks: Vec<Box<[Node<T>]>>,
    free: u32,
    used: usize,
}

impl<T> Nodes<T> {
    pub(super) const fn new() -> Self {
        Self { chunks: Vec::new(), free: NIL, used: 0 }
    }

    #[cfg(test)]
    pub(super) const fn used(&self) -> usize {
        self.used
    }

    pub(super) fn get(&mut self, index: u32) -> Option<&mut Node<T>> {
        self.chunks.get_mut((index >> SHIFT) as usize)?.get_mut(index as usize & (CHUNK - 1))
    }

    /// A node with `item` in it, or `item` again where memory would hold no more.
    pub(super) fn add(&mut self, item: T) -> Result<u32, T> {
        if self.free == NIL && !self.grow() {
            return Err(item);
        }
        let index = self.free;
        let Some(node) = self.get(index) else { return Err(item) };
        node.item = Some(item);
        let next = node.next;
        self.free = next;
        self.used += 1;
        Ok(index)
    }

    fn grow(&mut self) -> bool {
        let first = self.chunks.len() << SHIFT;
        let Some(end) = first.checked_add(CHUNK).and_then(|end| u32::try_from(end).ok()) else {
            return false;
        };
        let free = |index: u32| {
            let next = if index + 1 == end { NIL } else { index + 1 };
            Node { item: None, previous: NIL, next, list: 0 }
        };
        let first = end - CHUNK as u32;
        self.chunks.push((first..end).map(free).collect());
        self.free = first;
        true
    }

    /// Frees a node that is in no list any more.
    pub(super) fn remove(&mut self, index: u32) -> Option<T> {
        let free = self.free;
        let node = self.get(index)?;
        let item = node.item.take()?;
        node.next = free;
        self.free = index;
        self.used -= 1;
        if self.used == 0 && self.chunks.len() > KEPT {
            *self = Self::new();
        }
        Some(item)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_for_many_is_given_back_when_nothing_is_left() {
        let mut nodes = Nodes::new();
        let all: Vec<u32> = (0..10_000).map(|n| nodes.add(n).unwrap()).collect();
        assert_eq!((nodes.used(), nodes.chunks.len()), (10_000, 40));
        for (n, index) in all.into_iter().enumerate() {
            assert_eq!(nodes.remove(index), Some(n));
        }
        assert_eq!((nodes.used(), nodes.chunks.len()), (0, 0));
        assert_eq!(nodes.remove(5), None);
        assert!(nodes.add(7).is_ok());
    }
}
