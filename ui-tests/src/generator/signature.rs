//! Random signatures.

use fastrand::Rng;

use super::{
    choose,
    parts::{Argument, FAILURES, Failure, NAMES, SHAPES, VALUES, Value},
};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Place {
    Free,
    /// Inside another function.
    Nested,
    /// Written by a `macro_rules!`.
    Macro,
    Method,
    GenericMethod,
    TraitImpl,
    TraitDefault,
    AsyncTrait,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Flavor {
    Sync,
    Async,
    /// `-> impl Future`
    Future,
    /// `-> Pin<Box<dyn Future>>`
    Boxed,
}

#[derive(Debug)]
pub(super) struct Function {
    pub(super) number: u64,
    pub(super) place: Place,
    pub(super) flavor: Flavor,
    pub(super) receiver: Option<&'static str>,
    pub(super) arguments: Vec<Argument>,
    pub(super) value: &'static Value,
    pub(super) failure: &'static Failure,
    pub(super) visibility: &'static str,
    pub(super) body: String,
    /// The arguments that the body moves away where this can be seen.
    pub(super) moved: Vec<&'static str>,
    /// A return type that is written instead of a `Result`.
    pub(super) wrong_return: Option<&'static str>,
}

impl Function {
    pub(super) fn random(rng: &mut Rng, number: u64) -> Self {
        loop {
            let function = Self::any(rng, number);
            if function.is_possible() {
                return function;
            }
        }
    }

    fn any(rng: &mut Rng, number: u64) -> Self {
        use Place::{AsyncTrait, Free, GenericMethod, Macro, Method, Nested, TraitDefault, TraitImpl};
        let place = *choose(
            rng,
            &[
                Free,
                Free,
                Free,
                Nested,
                Macro,
                Method,
                Method,
                GenericMethod,
                TraitImpl,
                TraitDefault,
                AsyncTrait,
            ],
        );
        let flavor = match place {
            AsyncTrait => Flavor::Async,
            _ => *choose(
                rng,
                &[
                    Flavor::Sync,
                    Flavor::Sync,
                    Flavor::Async,
                    Flavor::Async,
                    Flavor::Async,
                    Flavor::Future,
                    Flavor::Boxed,
                ],
            ),
        };
        let receivers: &[Option<&str>] = match place {
            Free | Nested | Macro => &[None],
            AsyncTrait | TraitDefault => &[Some("&self"), Some("&self"), Some("&mut self")],
            _ => &[
                None,
                Some("&self"),
                Some("&self"),
                Some("&mut self"),
                Some("self"),
                Some("mut self"),
                Some("self: Box<Self>"),
                Some("self: Arc<Self>"),
                Some("self: &Self"),
                Some("self: Pin<&mut Self>"),
            ],
        };
        let mut names = NAMES.to_vec();
        rng.shuffle(&mut names);
        let count = rng.usize(..=4);
        let arguments = names.iter().take(count);
        let arguments = arguments.map(|name| Argument { shape: choose(rng, SHAPES), name }).collect();
        Self {
            number,
            place,
            flavor,
            receiver: *choose(rng, receivers),
            arguments,
            value: choose(rng, VALUES),
            failure: choose(rng, FAILURES),
            visibility: choose::<&str>(rng, &["", "pub ", "pub(crate) ", "pub(super) "]),
            body: String::new(),
            moved: Vec::new(),
            wrong_return: None,
        }
    }

    /// What Rust itself does not allow, and what the book says cannot be.
    fn is_possible(&self) -> bool {
        let is_trait = matches!(self.place, Place::TraitImpl | Place::TraitDefault | Place::AsyncTrait);
        let boxed = self.flavor == Flavor::Boxed || self.place == Place::AsyncTrait;
        let opaque = |ty: &str| ty.contains("impl ");
        let types = || self.arguments.iter().map(|argument| argument.shape.ty);
        let borrows = self.value.ty == "&str";
        let pointed = matches!(self.receiver, Some("&self" | "&mut self") | None);
        let impossible = [
            (boxed || is_trait) && types().any(opaque),
            boxed && self.arguments.iter().any(|argument| !argument.shape.free),
            boxed && !pointed,
            opaque(self.value.ty) && (is_trait || boxed || self.flavor == Flavor::Future),
            is_trait && self.flavor == Flavor::Future,
            borrows && (is_trait || self.flavor == Flavor::Boxed),
            borrows && !matches!(self.receiver, Some("&self" | "self: &Self")),
            self.value.ty.contains("dyn") && (boxed || self.flavor == Flavor::Future),
            self.place == Place::GenericMethod && self.value.ty == "T" && self.failure.ty == "E" && boxed,
        ];
        !impossible.contains(&true)
    }

    pub(super) fn is_async(&self) -> bool {
        self.flavor != Flavor::Sync
    }

    pub(super) fn returns(&self) -> String {
        match self.wrong_return {
            Some(ty) => ty.to_owned(),
            None => self.failure.returns.replace('$', self.value.ty),
        }
    }

    pub(super) fn named(&self, name: &str) -> Option<&Argument> {
        self.arguments.iter().find(|argument| argument.name == name && argument.is_plain())
    }

    /// The item with `attributes` on the function.
    pub(super) fn item(&self, attributes: &str) -> String {
        let (name, body) = (format!("call_{}", self.number), &self.body);
        let head = self.head(&name, false);
        let visibility = match self.place {
            Place::TraitImpl | Place::TraitDefault | Place::AsyncTrait => "",
            _ => self.visibility,
        };
        let function = format!("{attributes}{visibility}{head} {{ {body} }}");
        let bounds = "T: Clone + Default + Send + Sync + 'static";
        match self.place {
            Place::Free => function,
            Place::Nested => format!("pub fn around() {{\n{}{head} {{ {body} }}\n}}", attributes),
            Place::Macro => format!("macro_rules! make {{ () => {{\n{function}\n}} }}\nmake!();"),
            Place::Method => format!("impl Client {{\n{function}\n}}"),
            Place::GenericMethod => format!("impl<{bounds}> Shelf<T> {{\n{function}\n}}"),
            Place::TraitImpl => {
                let declared = self.head(&name, true);
                format!("pub trait Calls {{ {declared}; }}\nimpl Calls for Client {{\n{function}\n}}")
            }
            Place::TraitDefault => format!("pub trait Calls {{\n{function}\n}}"),
            Place::AsyncTrait => {
                let declared = self.head(&name, true);
                format!(
                    "#[async_trait::async_trait]\npub trait Calls {{ {declared}; }}\n\
                     #[async_trait::async_trait]\nimpl Calls for Client {{\n{function}\n}}"
                )
            }
        }
    }

    /// `async fn name<…>(…) -> …`; a declaration has no patterns.
    fn head(&self, name: &str, declared: bool) -> String {
        let mut inputs: Vec<String> = self.receiver.iter().map(ToString::to_string).collect();
        if declared && self.receiver == Some("mut self") {
            inputs = vec!["self".to_owned()];
        }
        for (index, argument) in self.arguments.iter().enumerate() {
            let pattern =
                if declared { format!("arg_{index}") } else { argument.fill(argument.shape.pattern) };
            inputs.push(format!("{pattern}: {}", argument.shape.ty));
        }
        let all = format!("{} {}", inputs.join(", "), self.returns());
        let is_word = |word: &str| all.split(|c: char| !c.is_alphanumeric()).any(|part| part == word);
        let mut generics = Vec::new();
        if is_word("T") && self.place != Place::GenericMethod {
            generics.push("T: Clone + Default + Send + Sync + 'static");
        }
        if is_word("N") {
            generics.push("const N: usize");
        }
        let mut clause = "";
        if is_word("E") {
            generics.push("E");
            clause = " where E: From<::mainstay::Error> + std::fmt::Debug + Send + Sync + 'static";
        }
        let generics = if generics.is_empty() { String::new() } else { format!("<{}>", generics.join(", ")) };
        let (answer, inputs) = (self.returns(), inputs.join(", "));
        let lifetime = if self.receiver.is_some() { " + '_" } else { "" };
        let (word, answer) = match self.flavor {
            Flavor::Sync => ("", answer),
            Flavor::Async => ("async ", answer),
            Flavor::Future => ("", format!("impl Future<Output = {answer}>")),
            Flavor::Boxed => ("", format!("Pin<Box<dyn Future<Output = {answer}>{lifetime}>>")),
        };
        format!("{word}fn {name}{generics}({inputs}) -> {answer}{clause}")
    }
}
