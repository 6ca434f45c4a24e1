//! Behaviour of rate limits.

mod bucket;

use super::Algorithm;
