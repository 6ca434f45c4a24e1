use std::{fmt, time::Duration};

use super::value;
use crate::rate_limit::Rate;

/// An option of a policy that can be set from outside: its name, how its text is read, and how its value is shown.
///
/// `set` gives the changed configuration, usually the builder's method of the same name. `show` gives the value in the
/// attribute's own spelling, `None` where it is not set.
///
/// ```
/// use std::time::Duration;
/// use mainstay_runtime::overrides::Opt;
///
/// #[derive(Clone, PartialEq, Debug)]
/// struct Config { limit: u32, max_wait: Duration }
///
/// const OPTIONS: &[Opt<Config>] = &[
///     Opt::count("limit", |config, limit| Config { limit, ..config }, |config| Some(config.limit.to_string())),
///     Opt::duration(
///         "max_wait",
///         |config, max_wait| Config { max_wait, ..config },
///         |config| Some(format!("{:?}", config.max_wait)),
///     ),
/// ];
///
/// let code = Config { limit: 10, max_wait: Duration::ZERO };
/// let changed = OPTIONS[1].read(code.clone(), "250ms")?;
/// assert_eq!(OPTIONS[1].show(&changed).as_deref(), Some("250ms"));
/// assert!(OPTIONS[1].read(code, "250").unwrap_err().contains("needs a unit"));
/// # Ok::<(), String>(())
/// ```
pub struct Opt<C: 'static> {
    name: &'static str,
    reads: Reads<C>,
    show: fn(&C) -> Option<String>,
    clear: Option<fn(C) -> C>,
    fits: Option<fn(&C) -> bool>,
    has_default: bool,
}

enum Reads<C: 'static> {
    Duration(fn(C, Duration) -> C),
    Count(fn(C, u32) -> C),
    Number(fn(C, f64) -> C),
    Ratio(fn(C, f64) -> C),
    Rate(fn(C, Rate) -> C),
    Flag(fn(C, bool) -> C),
    Word(&'static [&'static str], fn(C, usize) -> C),
    Text(fn(C, &str) -> Result<C, String>),
    Code,
}

macro_rules! forms {
    ($($(#[doc = $doc:literal])* $name:ident: $form:ident($value:ty);)*) => {
        impl<C: 'static> Opt<C> {
            $(
                $(#[doc = $doc])*
                pub const fn $name(
                    name: &'static str,
                    set: fn(C, $value) -> C,
                    show: fn(&C) -> Option<String>,
                ) -> Self {
                    Self { name, reads: Reads::$form(set), show, clear: None, fits: None, has_default: true }
                }
            )*
        }
    };
}

forms! {
    /// A span of time, such as `250ms` or `1m30s`.
    duration: Duration(Duration);
    /// A whole number, such as `10` or `1_000`. What else it must be, the policy's own rules say.
    count: Count(u32);
    /// A number, such as `2` or `1.5`.
    number: Number(f64);
    /// A share from 0 to 1, such as `0.5`.
    ratio: Ratio(f64);
    /// So many per period, such as `100/s`.
    rate: Rate(Rate);
    /// `true` or `false`.
    flag: Flag(bool);
}

impl<C: 'static> Opt<C> {
    /// One of `words`; `set` gets which.
    pub const fn word(
        name: &'static str,
        words: &'static [&'static str],
        set: fn(C, usize) -> C,
        show: fn(&C) -> Option<String>,
    ) -> Self {
        Self { name, reads: Reads::Word(words, set), show, clear: None, fits: None, has_default: true }
    }

    /// A text that `set` reads itself. Its error is a clause that says what is wrong and what to write instead.
    pub const fn text(
        name: &'static str,
        set: fn(C, &str) -> Result<C, String>,
        show: fn(&C) -> Option<String>,
    ) -> Self {
        Self { name, reads: Reads::Text(set), show, clear: None, fits: None, has_default: true }
    }

    /// One that the code alone can set. It is told where policies are explained.
    pub const fn code(name: &'static str, show: fn(&C) -> Option<String>) -> Self {
        Self { name, reads: Reads::Code, show, clear: None, fits: None, has_default: true }
    }

    /// One that has no default: the code always says it, such as the limit of a bulkhead.
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.has_default = false;
        self
    }

    /// One that can also be without a value: `none` takes it away, by `clear`.
    #[must_use]
    pub const fn optional(mut self, clear: fn(C) -> C) -> Self {
        self.clear = Some(clear);
        self
    }

    /// One that not every configuration has, such as the failures in a row of a breaker that goes by rates: what is said of
    /// the kind is said of those that `fits` accepts.
    #[must_use]
    pub const fn only_if(mut self, fits: fn(&C) -> bool) -> Self {
        self.fits = Some(fits);
        self
    }

    /// Whether a configuration has it.
    pub(super) fn fits(&self, config: &C) -> bool {
        self.fits.is_none_or(|fits| fits(config))
    }

    /// Whether the code may leave it out.
    pub(super) const fn has_default(&self) -> bool {
        self.has_default
    }

    /// Whether it can be set from outside.
    pub const fn can_be_set(&self) -> bool {
        !matches!(self.reads, Reads::Code)
    }

    /// Values of it from very small to very large, as texts, for rules that are broken whatever it is. Never empty; a text
    /// that cannot be read stands for none.
    pub(super) fn guesses(&self, code: &C) -> Vec<&'static str>
    where
        C: Clone,
    {
        const TEXTS: [&str; 31] = [
            "none",
            "true",
            "false",
            "0",
            "1",
            "2",
            "3",
            "10",
            "100",
            "1000",
            "65536",
            "1000000",
            "4294967295",
            "0.001",
            "0.1",
            "0.5",
            "0.9",
            "1.5",
            "0s",
            "1ns",
            "1ms",
            "20ms",
            "500ms",
            "1s",
            "30s",
            "5m",
            "1h",
            "30d",
            "1/h",
            "10/s",
            "100000/s",
        ];
        let words = if let Reads::Word(words, _) = self.reads { words } else { &[] };
        let texts = TEXTS.iter().chain(words).copied();
        let guesses: Vec<_> = texts.filter(|text| self.read(code.clone(), text).is_ok()).collect();
        if guesses.is_empty() { vec![""] } else { guesses }
    }

    /// Its name, as the attribute spells it.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Its value in the attribute's own spelling, `None` where it is not set.
    pub fn show(&self, config: &C) -> Option<String> {
        (self.show)(config)
    }

    /// The configuration with this option set to what `text` says.
    ///
    /// # Errors
    /// A clause that says what is wrong with the text and what to write instead.
    pub fn read(&self, config: C, text: &str) -> Result<C, String> {
        let text = text.trim();
        if let (Some(clear), "none") = (self.clear, text) {
            return Ok(clear(config));
        }
        Ok(match self.reads {
            Reads::Duration(set) => set(config, value::duration(text)?),
            Reads::Count(set) => set(config, value::count(text)?),
            Reads::Number(set) => set(config, value::number(text)?),
            Reads::Ratio(set) => set(config, value::ratio(text)?),
            Reads::Rate(set) => set(config, value::rate(text)?),
            Reads::Flag(set) => set(config, value::flag(text)?),
            Reads::Word(words, set) => set(config, value::word(text, words)?),
            Reads::Text(set) => set(config, text)?,
            Reads::Code => return Err(format!("`{}` is set in code only; leave it out", self.name)),
        })
    }
}

/// An option of whatever kind of policy.
pub(super) trait AnyOpt: Sync {
    fn name(&self) -> &'static str;
    /// Whether it can be set from outside.
    fn can_be_set(&self) -> bool;
    /// Whether `text` is in the grammar of its values, as far as that can be told without a configuration.
    fn check(&self, text: &str) -> Result<(), String>;
}

impl<C> AnyOpt for Opt<C> {
    fn name(&self) -> &'static str {
        self.name
    }

    fn can_be_set(&self) -> bool {
        self.can_be_set()
    }

    fn check(&self, text: &str) -> Result<(), String> {
        if self.clear.is_some() && text == "none" {
            return Ok(());
        }
        match self.reads {
            Reads::Duration(_) => value::duration(text).map(drop),
            Reads::Count(_) => value::count(text).map(drop),
            Reads::Number(_) => value::number(text).map(drop),
            Reads::Ratio(_) => value::ratio(text).map(drop),
            Reads::Rate(_) => value::rate(text).map(drop),
            Reads::Flag(_) => value::flag(text).map(drop),
            Reads::Word(words, _) => value::word(text, words).map(drop),
            Reads::Text(_) | Reads::Code => Ok(()),
        }
    }
}

impl<C> fmt::Debug for Opt<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}
