//! What signatures are made of: arguments, values and errors of every kind.

/// How an argument is handed over.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Hand {
    /// `Copy` by its spelling.
    Copied,
    Shared,
    Exclusive,
    /// By value, `Copy` by its type.
    Plain,
    /// By value, and `Clone`.
    Owned,
    /// By value, not `Clone` and not moved.
    Kept,
    /// By value, and its only use moves it.
    Once,
}

/// A kind of argument; `$` stands for its name.
#[derive(Debug)]
pub(super) struct Shape {
    pub(super) pattern: &'static str,
    pub(super) ty: &'static str,
    pub(super) uses: &'static str,
    pub(super) hand: Hand,
    /// `'static`, `Send` and `Sync`.
    pub(super) free: bool,
}

const fn shape(pattern: &'static str, ty: &'static str, uses: &'static str, hand: Hand, free: bool) -> Shape {
    Shape { pattern, ty, uses, hand, free }
}

pub(super) const SHAPES: &[Shape] = &[
    shape("$", "u32", "let _ = $ + 1;", Hand::Copied, true),
    shape("mut $", "u32", "$ += 1; let _ = $;", Hand::Copied, true),
    shape("$", "&str", "let _ = $.len();", Hand::Shared, false),
    shape("$", "&'static str", "let _ = $.len();", Hand::Shared, true),
    shape("$", "&dyn Fn(u32) -> u32", "let _ = $(3);", Hand::Shared, false),
    shape("$", "&[u8]", "let _ = $.first();", Hand::Shared, false),
    shape("&$", "&u32", "let _ = $ + 1;", Hand::Shared, false),
    shape("$", "&mut Vec<u8>", "$.push(1);", Hand::Exclusive, false),
    shape("$", "fn(u32) -> u32", "let _ = $(3);", Hand::Plain, true),
    shape("$", "[u8; 4]", "let _ = $[0];", Hand::Plain, true),
    shape("$", "std::time::Duration", "let _ = $.as_secs();", Hand::Plain, true),
    shape("_", "u32", "", Hand::Copied, true),
    shape("[$_a, ..]", "[u32; 3]", "let _ = $_a;", Hand::Plain, true),
    shape("$", "String", "let _ = $.len();", Hand::Owned, true),
    shape("mut $", "String", "$.push('x');", Hand::Owned, true),
    shape("$", "Vec<Option<u8>>", "let _ = $.len();", Hand::Owned, true),
    shape("$", "Pair<'_>", "let _ = $.left.len();", Hand::Owned, false),
    shape("$", "T", "let _ = $.clone();", Hand::Owned, true),
    shape("$", "[T; N]", "let _ = $.len();", Hand::Owned, true),
    shape("($_a, $_b)", "(u32, String)", "let _ = ($_a, $_b.len());", Hand::Kept, true),
    shape("Point { x: $_x, .. }", "Point", "let _ = $_x;", Hand::Kept, true),
    shape("$", "impl AsRef<str>", "let _ = $.as_ref().len();", Hand::Kept, false),
    shape("$", "Box<dyn Fn() -> u32 + Send>", "let _ = $();", Hand::Kept, false),
    shape("$", "std::cell::Cell<u32>", "$.set(1);", Hand::Kept, false),
    shape(
        "mut $",
        "Option<&mut u32>",
        "if let Some(held) = $.as_deref_mut() { *held += 1; }",
        Hand::Kept,
        false,
    ),
    shape("$", "impl FnOnce() -> u32", "let _ = $();", Hand::Once, false),
    shape("$", "impl Into<String>", "let _: String = $.into();", Hand::Once, false),
];

/// Names that are also those of options, of what expansions use, and of keywords.
pub(super) const NAMES: &[&str] = &[
    "order", "id", "answer", "error", "delay", "flow", "value", "retry", "result", "r#type", "r#match",
    "future", "deadline", "permit", "attempts", "timeout", "drop", "step_by", "name", "core", "std", "check",
    "mainstay",
];

#[derive(Debug)]
pub(super) struct Argument {
    pub(super) shape: &'static Shape,
    pub(super) name: &'static str,
}

impl Argument {
    pub(super) fn fill(&self, text: &str) -> String {
        // `r#type_a` is not the word that `$_a` is meant to be.
        let (whole, stem) = (self.name, self.name.trim_start_matches("r#"));
        text.replace("$_", &format!("{stem}_")).replace('$', whole)
    }

    pub(super) fn uses(&self) -> String {
        self.fill(self.shape.uses)
    }

    pub(super) fn is_plain(&self) -> bool {
        matches!(self.shape.pattern, "$" | "mut $")
    }

    /// Whether a second use could find it moved away.
    pub(super) fn is_owned(&self) -> bool {
        matches!(self.shape.hand, Hand::Owned | Hand::Kept | Hand::Once)
    }
}

/// The value of an answer.
#[derive(Debug)]
pub(super) struct Value {
    pub(super) ty: &'static str,
    pub(super) make: &'static str,
    /// Whether it is `Default`, `Send` and nameable anywhere.
    pub(super) common: bool,
}

impl Value {
    /// Whether a copy of it can stay in memory.
    pub(super) fn is_kept(&self) -> bool {
        self.ty != "&str" && !self.ty.contains("dyn ") && !self.ty.contains("impl ")
    }
}

pub(super) const VALUES: &[Value] = &[
    Value { ty: "()", make: "()", common: true },
    Value { ty: "u32", make: "7", common: true },
    Value { ty: "String", make: "String::new()", common: true },
    Value { ty: "Vec<Option<u8>>", make: "vec![None]", common: true },
    Value { ty: "(u32, String)", make: "(7, String::new())", common: true },
    Value { ty: "Option<u32>", make: "None", common: true },
    Value { ty: "Result<u32, ()>", make: "Err(())", common: false },
    Value { ty: "&'static str", make: "\"text\"", common: true },
    Value { ty: "T", make: "T::default()", common: true },
    Value { ty: "[u8; N]", make: "[0; N]", common: false },
    Value { ty: "Box<dyn Fn(u32) -> u32 + Send>", make: "Box::new(|x| x)", common: false },
    Value { ty: "impl Iterator<Item = u32>", make: "vec![1].into_iter()", common: false },
    Value { ty: "&str", make: "<self>", common: false },
];

/// The error of an answer.
#[derive(Debug)]
pub(super) struct Failure {
    /// The return type; `$` stands for the value's.
    pub(super) returns: &'static str,
    pub(super) ty: &'static str,
    pub(super) make: &'static str,
    pub(super) pattern: &'static str,
    /// Whether it is `From<mainstay::Error>`; else the conversion.
    pub(super) map_err: Option<&'static str>,
}

const fn failure(
    returns: &'static str,
    ty: &'static str,
    make: &'static str,
    pattern: &'static str,
    map_err: Option<&'static str>,
) -> Failure {
    Failure { returns, ty, make, pattern, map_err }
}

pub(super) const FAILURES: &[Failure] = &[
    failure("Result<$, Fault>", "Fault", "Fault::Busy", "Fault::Busy | Fault::Code(500)", None),
    failure("Answer<$>", "Fault", "Fault::Code(4)", "Fault::Code(code) if *code > 499, Fault::Busy", None),
    failure(
        "std::result::Result<$, mainstay::Error>",
        "::mainstay::Error",
        "::mainstay::Error::timed_out(\"x\", Duration::ZERO)",
        "::mainstay::Error::TimedOut { .. }",
        None,
    ),
    failure(
        "anyhow::Result<$>",
        "anyhow::Error",
        "anyhow::anyhow!(\"no\")",
        "held if held.to_string().len() > 3",
        None,
    ),
    failure(
        "Result<$, Box<dyn std::error::Error + Send + Sync>>",
        "Box<dyn ::std::error::Error + Send + Sync>",
        "\"no\".into()",
        "held if held.to_string().len() > 3",
        None,
    ),
    failure(
        "std::io::Result<$>",
        "::std::io::Error",
        "::std::io::Error::other(\"no\")",
        "held if always(held)",
        Some("to_io"),
    ),
    failure(
        "Result<$, String>",
        "String",
        "String::new()",
        "held if held.len() > 3",
        Some("|error| error.to_string()"),
    ),
    failure(
        "Result<$, E>",
        "E",
        "::mainstay::Error::timed_out(\"x\", Duration::ZERO).into()",
        "held if always(held)",
        None,
    ),
];
