//! The values that options take, each parsed in one place: literals are checked here, expressions are left to rustc.

mod after;
mod bounds;
mod budget;
mod callable;
mod constant;
mod count;
mod duration;
mod flag;
mod lists;
mod pairs;
mod path;
mod rate;
mod ratio;
mod word;

pub(crate) use after::After;
pub(crate) use bounds::Bounds;
pub(crate) use budget::Budget;
pub(crate) use callable::{Callable, arity};
pub(crate) use constant::{check_constants, constant_span};
pub(crate) use count::{Count, CountOrZero};
pub(crate) use duration::Duration;
pub(crate) use flag::Flag;
pub(crate) use lists::{Names, Patterns};
pub(crate) use pairs::pairs;
pub(crate) use path::{AnyExpr, CratePath, Function, Text};
pub(crate) use rate::Rate;
pub(crate) use ratio::{Base, Ratio};
pub(crate) use word::words;
pub(crate) use word::{BackoffWord, KnownBackoff, Words};

use syn::{Expr, Lit, UnOp};

/// The literal an expression consists of, looking through a minus sign, parentheses and invisible groups.
pub(crate) fn literal(expr: &Expr) -> Option<(&Lit, bool)> {
    match expr {
        Expr::Lit(literal) => Some((&literal.lit, false)),
        Expr::Unary(unary) if matches!(unary.op, UnOp::Neg(_)) => {
            literal(&unary.expr).map(|(literal, negative)| (literal, !negative))
        }
        Expr::Paren(paren) => literal(&paren.expr),
        Expr::Group(group) => literal(&group.expr),
        _ => None,
    }
}
