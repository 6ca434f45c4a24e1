use syn::{Expr, Ident};

use crate::{
    options::options,
    values::{After, AnyExpr, Budget, Count, Duration, Flag, Names},
};

options! {
    /// The options of `#[hedge]`.
    pub(crate) struct Options {
        /// How long the primary is waited for: a duration, or a percentile of its latencies. Default "p95".
        after: After,
        /// The shortest wait that a percentile gives. Default "1ms".
        min_after: Duration,
        /// How many latencies are measured before a percentile is believed. Default 100.
        warm_up: Count,
        /// How many attempts are made beside the primary at most. Default 1.
        max: Count,
        /// What pays for them: the name of a shared budget, or a share of the function's own calls. Default: a tenth of them.
        budget: Budget,
        /// Says that the body may run twice at once.
        safe: Flag,
        /// The arguments that an attempt consumes or changes; each attempt gets a clone.
        clone: Names,
        /// An instance of one's own: an expression that dereferences to `Hedge`.
        with: AnyExpr,
    }
}

/// `#[hedge]` of one function.
#[derive(Default)]
pub(crate) struct Room {
    pub(super) options: Options,
}

impl Room {
    /// Whether each attempt gets a clone of that argument.
    pub(crate) fn clones(&self, name: &Ident) -> bool {
        self.cloned().contains(name)
    }

    pub(super) fn cloned(&self) -> &[Ident] {
        self.options.clone.as_ref().map_or(&[], |given| &given.value.0)
    }

    /// The options that only rustc can evaluate.
    pub(super) fn constants(&self) -> Vec<&Expr> {
        let options = &self.options;
        let after = options.after.iter().filter_map(|given| given.value.expr());
        let least = options.min_after.iter().filter_map(|given| given.value.expr());
        let counts = [&options.warm_up, &options.max].into_iter().flatten();
        after.chain(least).chain(counts.filter_map(|given| given.value.expr())).collect()
    }
}
