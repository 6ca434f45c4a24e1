/// What switches a kind of policy off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Switch {
    /// The master switch, and `enabled = false` of its kind or name.
    Shielding,
    /// `enabled = false` of its kind or name only: a fallback answers on where everything else is off.
    Fallback,
    /// Nothing: without it the program would do something else, such as charge twice.
    Never,
    /// Off unless `enabled = true` of its kind or name. The master switch does not turn it on.
    Chaos,
}
