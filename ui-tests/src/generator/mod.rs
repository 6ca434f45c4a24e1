//! Functions that nobody wrote: random signatures and bodies under random stacks with random options, compiled for real.
//!
//! `signature` and `body` make a function, `stack` puts attributes on it, `oracle` says from the rules of the book what
//! is to come of it, `compile` asks rustc, and `check` compares the two. `cargo run -p mainstay-ui-tests --bin generate`
//! is the way in.

mod body;
mod check;
mod compile;
mod keeping;
mod mistakes;
mod observing;
mod options;
mod oracle;
mod overload;
mod parts;
mod signature;
mod stack;

use fastrand::Rng;

pub use check::{Report, run};

use {oracle::Expected, signature::Function, stack::Layer};

/// A function with its stack, in a module of its own.
pub(crate) struct Case {
    pub(crate) number: u64,
    function: Function,
    layers: Vec<Layer>,
    pub(crate) expected: Vec<Expected>,
}

impl Case {
    /// The case of that number, always the same for the same seed.
    fn generate(seed: u64, number: u64) -> Self {
        let mut rng = Rng::with_seed(seed.wrapping_mul(1_000_003).wrapping_add(number));
        let rng = &mut rng;
        let function = Function::random(rng, number);
        let layers = stack::random(rng, &function);
        let function = function.with_body(rng, &layers);
        let expected = oracle::expected(&function, &layers);
        Self { number, function, layers, expected }
    }

    /// The module. Without the attributes it must compile in any case, or the generator is wrong.
    fn source(&self, annotated: bool) -> String {
        let layers = if annotated { &self.layers[..] } else { &[] };
        let number = self.number;
        let imports = stack::imports(layers);
        let item = self.function.item(&stack::attributes(layers));
        format!("pub mod case_{number} {{\n#[allow(unused_imports)]\nuse super::*;\n{imports}{item}\n}}\n")
    }
}

fn choose<'a, T>(rng: &mut Rng, all: &'a [T]) -> &'a T {
    &all[rng.usize(..all.len())]
}

/// `true` once in `times`.
fn one_in(rng: &mut Rng, times: u32) -> bool {
    rng.u32(..times) == 0
}
