/// A number of tokens: any integer or float, or a reference to one.
///
/// ```
/// use mainstay_runtime::rate_limit::Tokens;
///
/// assert_eq!(3_u8.tokens(), 3.0);
/// assert_eq!((&0.5_f32).tokens(), 0.5);
/// assert_eq!([1, 2, 3].len().tokens(), 3.0);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no number of tokens",
    label = "a call costs a number of tokens",
    note = "give an integer or a float, such as `tokens = items.len()`"
)]
pub trait Tokens {
    /// The number.
    fn tokens(self) -> f64;
}

macro_rules! numbers {
    ($($number:ty)*) => {
        $(
            impl Tokens for $number {
                #[inline]
                fn tokens(self) -> f64 {
                    self as f64
                }
            }
        )*
    };
}

numbers!(u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64);

impl<T: Tokens + Copy> Tokens for &T {
    #[inline]
    fn tokens(self) -> f64 {
        (*self).tokens()
    }
}

/// Tokens in whole millionths, so that everything behind the API is exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Amount(pub(super) u64);

impl Amount {
    pub(super) const PARTS: u64 = 1_000_000;
    pub(super) const ONE: Self = Self(Self::PARTS);

    pub(super) const fn whole(tokens: u32) -> Self {
        Self(tokens as u64 * Self::PARTS)
    }

    /// `None` for what no limiter can hold: less than nothing, no number, or more than `u32::MAX`.
    ///
    /// Fractions are cut after the sixth digit, so that six sixths fit into one.
    #[inline]
    pub(super) fn from_tokens(tokens: f64) -> Option<Self> {
        if tokens == 1.0 {
            return Some(Self::ONE);
        }
        // The hundredth of a part makes up for decimals that have no exact binary form.
        let parts = tokens * Self::PARTS as f64 + 0.01;
        let held = tokens > 0.0 && tokens <= f64::from(u32::MAX);
        held.then_some(Self((parts as u64).max(1)))
    }

    pub(super) fn tokens(self) -> f64 {
        self.0 as f64 / Self::PARTS as f64
    }
}
