use super::{MetricError, number};

/// The upper bounds of a histogram's buckets.
///
/// The bucket of a value is found by a look into a small table and one comparison, not by a search, as long as the bounds
/// are positive and no two of them lie within an eighth of each other.
#[derive(Debug, Clone, PartialEq)]
pub struct Buckets {
    bounds: Box<[f64]>,
    /// The bounds as they stand in labels, with `+Inf` for the last bucket.
    texts: Box<[Box<str>]>,
    index: Option<Index>,
}

/// Cuts the positive numbers into cells, eight or fewer to each power of two, and knows for each how many bounds lie below it.
#[derive(Debug, Clone, PartialEq)]
struct Index {
    first: i64,
    shift: u32,
    below: Box<[u8]>,
}

/// How many bounds there may be.
const MOST: usize = 200;
/// How many cells there may be.
const CELLS: u64 = 512;

impl Buckets {
    /// Buckets with these upper bounds, in any order, at most 200. The last bucket, for all that is greater, need not be named.
    ///
    /// # Errors
    /// No bounds at all, too many, one that is no number, or one that is there twice.
    ///
    /// ```
    /// use mainstay_runtime::metrics::Buckets;
    ///
    /// assert_eq!(Buckets::new([5.0, 1.0])?.bounds(), [1.0, 5.0]);
    /// assert!(Buckets::new([]).is_err());
    /// # Ok::<(), mainstay_runtime::metrics::MetricError>(())
    /// ```
    pub fn new(bounds: impl IntoIterator<Item = f64>) -> Result<Self, MetricError> {
        let problem = |text: &str| Err(MetricError::new("buckets", text));
        let mut bounds: Vec<f64> = bounds.into_iter().filter(|bound| *bound != f64::INFINITY).collect();
        bounds.sort_by(f64::total_cmp);
        if bounds.is_empty() {
            return problem("name at least one bound: `[0.1, 0.5, 1.0]`");
        }
        if bounds.len() > MOST {
            return problem("keep to 200 bounds or fewer: each is a series of its own");
        }
        if bounds.iter().any(|bound| !bound.is_finite()) {
            return problem("each bound must be a number");
        }
        if bounds.windows(2).any(|pair| pair[0] == pair[1]) {
            return problem("a bound is there twice: name each once");
        }
        Ok(Self::sorted(bounds))
    }

    /// For durations in seconds, from 5 ms to 10 s: the bounds that OpenTelemetry advises for requests.
    pub fn seconds() -> Self {
        Self::sorted(vec![0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0])
    }

    /// For durations in seconds of what is quick, from 1 µs to 1 s.
    pub fn fine_seconds() -> Self {
        // Written out: products would stand in labels with their rounding, as `2.4999999999999998e-6`.
        Self::sorted(vec![
            1e-6, 2.5e-6, 5e-6, 1e-5, 2.5e-5, 5e-5, 1e-4, 2.5e-4, 5e-4, 0.001, 0.0025, 0.005, 0.01, 0.025,
            0.05, 0.1, 0.25, 0.5, 1.0,
        ])
    }

    /// `count` bounds, the first at `first`, each `width` above the one before.
    ///
    /// # Errors
    /// Like [`new`](Self::new).
    pub fn linear(first: f64, width: f64, count: usize) -> Result<Self, MetricError> {
        Self::new((0..count.min(MOST + 1)).map(|n| first + width * n as f64))
    }

    /// `count` bounds, the first at `first`, each `factor` times the one before.
    ///
    /// # Errors
    /// Like [`new`](Self::new).
    pub fn exponential(first: f64, factor: f64, count: usize) -> Result<Self, MetricError> {
        Self::new((0..count.min(MOST + 1)).map(|n| first * factor.powi(n as i32)))
    }

    /// The same buckets with one more bound, if it is not there yet and there is room.
    #[must_use]
    pub fn with(&self, bound: f64) -> Self {
        if self.bounds.contains(&bound) {
            return self.clone();
        }
        Self::new(self.bounds.iter().copied().chain([bound])).unwrap_or_else(|_| self.clone())
    }

    /// The upper bounds, ascending, without the infinite one.
    pub fn bounds(&self) -> &[f64] {
        &self.bounds
    }

    /// How many buckets there are, with the last one.
    pub fn count(&self) -> usize {
        self.texts.len()
    }

    /// The bounds as they stand in the label `le`, the last one as `+Inf`.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.texts.iter().map(|text| &**text)
    }

    /// Which bucket a value falls into; the last one for what is no number.
    #[inline]
    pub fn find(&self, value: f64) -> usize {
        self.find_quickly(value).unwrap_or_else(|| self.search(value))
    }

    /// The same; `None` where there is no table to look into, or for what is no number.
    #[inline(always)]
    pub(crate) fn find_quickly(&self, value: f64) -> Option<usize> {
        let index = self.index.as_ref().filter(|_| !value.is_nan())?;
        let mut at = index.below(value, self.bounds.len());
        while let Some(bound) = self.bounds.get(at)
            && value > *bound
        {
            at += 1;
        }
        Some(at)
    }

    #[cold]
    fn search(&self, value: f64) -> usize {
        if value.is_nan() { self.bounds.len() } else { self.bounds.partition_point(|b| *b < value) }
    }

    fn sorted(bounds: Vec<f64>) -> Self {
        let texts = bounds.iter().copied().chain([f64::INFINITY]);
        let texts = texts.map(|bound| number::bound(bound).into_boxed_str()).collect();
        Self { index: Index::of(&bounds), bounds: bounds.into_boxed_slice(), texts }
    }
}

impl Index {
    /// `None` where some bound is not positive.
    fn of(bounds: &[f64]) -> Option<Self> {
        let (least, most) = (*bounds.first()?, *bounds.last()?);
        if least <= 0.0 {
            return None;
        }
        // With 49 bits less, three of the mantissa remain beside the exponent.
        let fits = |shift: &u32| (most.to_bits() >> shift) - (least.to_bits() >> shift) < CELLS;
        let shift = (49..56).find(fits)?;
        let first = least.to_bits() >> shift;
        let cells = first..=most.to_bits() >> shift;
        let below = |cell: u64| {
            let edge = f64::from_bits(cell << shift);
            u8::try_from(bounds.partition_point(|bound| *bound < edge)).ok()
        };
        Some(Self { first: first.cast_signed(), shift, below: cells.map(below).collect::<Option<_>>()? })
    }

    /// How many bounds are surely less than the value, which is a number.
    #[inline(always)]
    fn below(&self, value: f64, count: usize) -> usize {
        // Negative where it is less than all bounds, or less than zero.
        let cell = (value.to_bits().cast_signed() >> self.shift) - self.first;
        if cell < 0 {
            return 0;
        }
        self.below.get(cell as usize).map_or(count, |below| usize::from(*below))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn searched(buckets: &Buckets, value: f64) -> usize {
        buckets.bounds().iter().filter(|bound| value > **bound).count()
    }

    #[test]
    fn the_table_finds_what_a_search_finds() {
        let all = [
            Buckets::seconds(),
            Buckets::fine_seconds(),
            Buckets::linear(0.5, 0.001, 150).unwrap(),
            Buckets::exponential(1e-9, 10.0, 19).unwrap(),
            Buckets::new([f64::MIN_POSITIVE, f64::MAX]).unwrap(),
            Buckets::new([-1.0, 0.0, 3.0]).unwrap(),
            Buckets::new([7.0]).unwrap(),
        ];
        let mut random = fastrand::Rng::with_seed(7);
        for buckets in &all {
            let edges = buckets.bounds().iter().flat_map(|b| [*b, b.next_up(), b.next_down(), -b]);
            let extremes = [0.0, -0.0, f64::INFINITY, f64::NEG_INFINITY, f64::MIN_POSITIVE / 4.0, f64::MAX];
            let mut anything: Vec<f64> = (0..20_000).map(|_| f64::from_bits(random.u64(..))).collect();
            anything.extend((0..2_000).map(|_| random.f64() * 12.0));
            anything.retain(|value| !value.is_nan());
            for value in edges.chain(extremes).chain(anything) {
                assert_eq!(buckets.find(value), searched(buckets, value), "{value:e} in {buckets:?}");
            }
            assert_eq!(buckets.find(f64::NAN), buckets.bounds().len());
            assert_eq!(buckets.find(-f64::NAN), buckets.bounds().len());
        }
    }

    #[test]
    fn the_bounds_of_what_is_quick_are_short_decimals() {
        let buckets = Buckets::fine_seconds();
        assert!(buckets.texts().all(|text| text.len() <= 8), "{:?}", buckets.texts().collect::<Vec<_>>());
    }

    #[test]
    fn bounds_that_make_no_sense_are_refused() {
        for bounds in [&[][..], &[f64::INFINITY], &[1.0, 1.0], &[f64::NAN, 1.0], &[f64::NEG_INFINITY]] {
            assert!(Buckets::new(bounds.iter().copied()).is_err(), "{bounds:?}");
        }
        assert!(Buckets::linear(1.0, 1.0, usize::MAX).is_err());
    }

    #[test]
    fn one_bound_more_keeps_the_order_and_comes_once() {
        let buckets = Buckets::seconds().with(0.3);
        assert_eq!(buckets.count(), Buckets::seconds().count() + 1);
        assert_eq!(buckets.with(0.3), buckets);
    }
}
