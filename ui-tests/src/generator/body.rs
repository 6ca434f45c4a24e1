//! Random bodies for a signature and what stands above it.

use fastrand::Rng;

use super::{
    choose, one_in,
    parts::{Argument, Hand},
    signature::{Flavor, Function, Place},
    stack::{Kind, Layer, repeater},
};

/// Statements that mean nothing, with whatever a body may hold. `<error>` is an error, `<type>` its type.
const STATEMENTS: &[&str] = &[
    "{ let _: u32 = step::<<type>>()?; }",
    "if FEW > 5 { return Err(<error>); }",
    "match FEW { 0 => return Err(<error>), _ => {} }",
    "let Some(_) = Some(FEW) else { return Err(<error>) };",
    "'breaker: loop { if FEW > 2 { break 'breaker; } }",
    "{ let add = |x: u32| -> u32 { if x > 3 { return x; } x + 1 }; let _ = add(1); }",
    "{ fn helper(x: u32) -> u32 { x } let _ = helper(2); }",
    "{ let error = 5; let answer = error + 1; let flow = answer; let _ = flow; }",
    "{ const LOCAL: u32 = 4; static __MAINSTAY_0: u32 = LOCAL; let _ = __MAINSTAY_0; }",
    "{ use std::fmt::Write as _; let mut text = String::new(); let _ = write!(text, \"{}\", 3); }",
    "{ let text = format!(\"{FEW:?}\"); let _ = text; }",
    "for x in 0..2 { if x == 1 { continue; } }",
    "{ struct Result; let _ = Result; }",
    "{ mod inner { pub fn f() {} } inner::f(); }",
];

const WAITS: &[&str] = &[
    "tokio::task::yield_now().await;",
    "{ let _ = async { 5 }.await; }",
    "{ let _: Result<u32, <type>> = async { let x = step::<<type>>()?; Ok(x) }.await; }",
    "{ let wait = async || tokio::task::yield_now().await; wait().await; }",
];

const TAILS: &[&str] = &[
    "Ok(<value>)",
    "return Ok(<value>)",
    "loop { break Ok(<value>); }",
    "if FEW > 0 { Ok(<value>) } else { Err(<error>) }",
    "match FEW { 0 => Err(<error>), _ => Ok(<value>) }",
    "let answer: Result<_, <type>> = Ok(<value>); answer",
];

impl Function {
    pub(super) fn with_body(mut self, rng: &mut Rng, layers: &[Layer]) -> Self {
        let repeater = repeater(layers);
        let is_cloned = |name: &str| repeater.is_some_and(|repeater| repeater.clones.contains(&name));
        let is_needed = |name: &str| layers.iter().any(|layer| layer.names.contains(&name));
        let mut uses: Vec<String> = self.arguments.iter().map(|argument| argument.uses()).collect();
        rng.shuffle(&mut uses);
        if self.place != Place::TraitDefault && self.receiver.is_some() {
            let changes = matches!(self.receiver, Some("&mut self" | "mut self"));
            uses.push(
                if changes { "self.count += 1; let _ = self.count;" } else { "let _ = self.count;" }
                    .to_owned(),
            );
        }
        for _ in 0..rng.usize(..4) {
            let statements = if self.is_async() && rng.bool() { WAITS } else { STATEMENTS };
            let place = rng.usize(..=uses.len());
            uses.insert(place, (*choose(rng, statements)).to_owned());
        }
        let threaded = layers.iter().any(|layer| layer.blocking);
        let movable = self
            .arguments
            .iter()
            .filter(|argument| argument.shape.hand == Hand::Owned && argument.is_plain());
        for name in movable.map(|argument| argument.name).collect::<Vec<_>>() {
            // Consumed by each attempt without a clone: a mistake, which is to be told as one.
            // Of an array of `T`, rustc says in words of its own that `T` is not `Copy`; and a name that the body binds
            // anew is not looked at.
            let is_array = self.named(name).is_some_and(|argument| argument.shape.ty == "[T; N]");
            let is_plain = !is_array && !matches!(name, "answer" | "error" | "flow");
            let forgets = repeater.is_some() && !threaded && !is_needed(name) && is_plain && one_in(rng, 12);
            let may = (repeater.is_none() && !is_needed(name) || is_cloned(name)) && rng.bool();
            if forgets || may {
                let moves = [
                    "take($);",
                    "let moved = $; let _ = moved;",
                    "let _ = Holder { inner: $ };",
                    "let _ = ($, 1);",
                ];
                uses.push(choose(rng, &moves).replace('$', name));
                self.moved.push(name);
            }
        }
        let tail = if self.value.common { *choose(rng, TAILS) } else { TAILS[rng.usize(..2)] };
        let value =
            if self.value.ty == "&str" { "{ let _ = &self.count; \"text\" }" } else { self.value.make };
        let block = format!("\n{}\n{tail}\n", uses.join("\n"));
        let block = block
            .replace("<value>", value)
            .replace("<error>", self.failure.make)
            .replace("<type>", self.failure.ty);
        let reuses =
            layers.iter().any(|layer| matches!(layer.kind, Kind::Retry | Kind::Fallback | Kind::Hedge));
        // A future that is made before it is waited for takes these along, and the next attempt, or an option that names
        // one, has nothing left.
        let exclusive =
            self.receiver.is_some_and(|receiver| receiver != "&self" && receiver != "self: &Self");
        let taken = |argument: &Argument| argument.is_owned() || argument.shape.hand == Hand::Exclusive;
        let named = |argument: &Argument| {
            layers.iter().flat_map(|layer| &layer.options).any(|option| option.contains(argument.name))
        };
        let names_self =
            layers.iter().flat_map(|layer| &layer.options).any(|option| option.contains("self."));
        let whole = exclusive && names_self
            || self.arguments.iter().any(named)
            || reuses && (exclusive || self.arguments.iter().any(taken));
        self.body = self.framed(&block, if whole { 0 } else { rng.u32(..3) });
        self
    }

    /// The block as the body of the flavor, in one of its forms.
    fn framed(&self, block: &str, form: u32) -> String {
        match (self.flavor, form) {
            (Flavor::Sync | Flavor::Async, _) => block.to_owned(),
            (Flavor::Future, 0) => format!("async move {{ {block} }}"),
            (Flavor::Future, 1) => format!("let _ = FEW; async move {{ {block} }}"),
            (Flavor::Future, _) => format!("let made = async move {{ {block} }}; made"),
            (Flavor::Boxed, 0) => format!("Box::pin(async move {{ {block} }})"),
            (Flavor::Boxed, 1) => format!("let _ = FEW; std::boxed::Box::pin(async move {{ {block} }})"),
            (Flavor::Boxed, _) => format!("let made = Box::pin(async move {{ {block} }}); made"),
        }
    }
}
