use crate::{
    options::{Arg, Read, options},
    values::{AnyExpr, Count, Duration, literal},
};

/// How many may wait, zero included.
pub(crate) struct Queue(pub(crate) syn::Expr, pub(crate) Option<u32>);

impl Read for Queue {
    fn read(arg: &Arg) -> syn::Result<Self> {
        let expr = arg.expr()?;
        match literal(expr) {
            Some((syn::Lit::Int(number), false)) if number.base10_digits() == "0" => {
                Ok(Self(expr.clone(), Some(0)))
            }
            Some((syn::Lit::Int(_), true)) => {
                Err(syn::Error::new_spanned(expr, "`max_queue` cannot be negative: 0 lets nobody wait"))
            }
            _ => {
                let count = Count::from_expr(expr, "`max_queue`")?;
                Ok(Self(expr.clone(), count.known()))
            }
        }
    }
}

options! {
    /// The options of `#[bulkhead]`, besides the number of calls itself.
    pub(crate) struct Options {
        /// How long a call may wait for a place. Default: not at all, or without limit where `max_queue` is given.
        max_wait: Duration,
        /// How many calls may wait. Default: none, or as many as may run where `max_wait` is given.
        max_queue: Queue,
        /// An instance of one's own: an expression that dereferences to `Bulkhead`.
        with: AnyExpr,
    }
}

/// `#[bulkhead]` of one function.
#[derive(Default)]
pub(crate) struct Room {
    pub(super) options: Options,
    pub(super) limit: Option<Count>,
    /// Whether the limit could not be read, and so is not missing.
    pub(super) misread: bool,
}
