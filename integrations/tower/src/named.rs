use std::fmt;

/// No policy of that kind has that name.
#[derive(Clone, PartialEq, Eq)]
pub struct NotFound {
    what: &'static str,
    name: String,
    known: Vec<String>,
}

impl NotFound {
    pub(crate) fn new(what: &'static str, name: &str, known: Vec<String>) -> Self {
        Self { what, name: name.to_owned(), known }
    }

    /// The name that was looked for.
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl fmt::Display for NotFound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { what, name, known } = self;
        write!(f, "no {what} is called `{name}`: ")?;
        match known.split_last() {
            None => write!(f, "there is none with a name")?,
            Some((last, [])) => write!(f, "the only one is `{last}`")?,
            Some((last, rest)) => write!(f, "there are `{}` and `{last}`", rest.join("`, `"))?,
        }
        write!(f, "; write one of these, or make it with `new` and a builder")
    }
}

/// As [`Display`](fmt::Display): a `main` that returns it prints this.
impl fmt::Debug for NotFound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for NotFound {}

/// The three ways to a layer.
macro_rules! named {
    ($layer:ty, $policy:ty, $config:ty, $one:ident, $all:ident, $what:literal, |$shared:ident| $make:expr) => {
        named!(register, $layer, $policy, $config, $one, $all, $what, |$shared| $make);
    };
    (
        $register:ident, $layer:ty, $policy:ty, $config:ty, $one:ident, $all:ident, $what:literal, |$shared:ident| $make:expr
    ) => {
        impl $layer {
            #[doc = concat!("The layer of the ", $what, " of that name, made by an attribute or a builder.")]
            ///
            /// # Errors
            /// [`NotFound`](crate::NotFound), which tells the names there are.
            pub fn named(name: &str) -> Result<Self, $crate::NotFound> {
                let policies = mainstay_runtime::registry::policies();
                let known = || {
                    policies
                        .$all()
                        .into_iter()
                        .map(|known| mainstay_runtime::registry::Policy::name(known).as_str().to_owned())
                        .collect()
                };
                policies.$one(name).map(Self::of).ok_or_else(|| $crate::NotFound::new($what, name, known()))
            }

            #[doc = concat!("The layer of the ", $what, " of that name, made of `config` if there is none.")]
            ///
            /// # Errors
            /// A configuration that is wrong.
            pub fn new(
                name: impl Into<mainstay_runtime::Name>,
                config: $config,
            ) -> Result<Self, mainstay_runtime::ConfigError> {
                config.$register(name).map(Self::of)
            }

            #[doc = concat!("The layer of this ", $what, ".")]
            pub const fn of($shared: &'static $policy) -> Self {
                $make
            }
        }
    };
}

pub(crate) use named;
