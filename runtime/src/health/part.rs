use std::{fmt, sync::Arc};

use super::{Ask, BoxHealth, CheckOptions, Health, HealthCheck, Probes};

/// Gives a part of what was added, wherever it lies; `None` where it is not there.
trait Get<T>: Send + Sync {
    fn get(&self) -> Option<&T>;
}

struct Owned<T>(T);

impl<T: Send + Sync> Get<T> for Owned<T> {
    fn get(&self) -> Option<&T> {
        Some(&self.0)
    }
}

struct Field<S, T> {
    of: Arc<dyn Get<S>>,
    field: fn(&S) -> Option<&T>,
}

impl<S, T> Get<T> for Field<S, T> {
    fn get(&self) -> Option<&T> {
        self.of.get().and_then(self.field)
    }
}

/// One check of what was added.
pub(super) struct Part {
    pub(super) name: String,
    pub(super) options: CheckOptions,
    pub(super) run: Arc<dyn Run>,
}

/// What a check does.
pub(super) trait Run: Send + Sync {
    fn run(&self, what: Ask) -> BoxHealth<'_>;
}

struct Whole<T>(Arc<dyn Get<T>>);

impl<T: HealthCheck> Run for Whole<T> {
    fn run(&self, what: Ask) -> BoxHealth<'_> {
        match self.0.get() {
            Some(it) => Box::pin(what.of(it)),
            None => absent(),
        }
    }
}

/// What a `with = …`, a method or a function does.
pub type Call<T> = for<'a> fn(&'a T) -> BoxHealth<'a>;

struct Called<T> {
    of: Arc<dyn Get<T>>,
    call: Call<T>,
}

impl<T> Run for Called<T> {
    fn run(&self, _: Ask) -> BoxHealth<'_> {
        match self.of.get() {
            Some(it) => (self.call)(it),
            None => absent(),
        }
    }
}

struct Free(fn() -> BoxHealth<'static>);

impl Run for Free {
    fn run(&self, _: Ask) -> BoxHealth<'_> {
        (self.0)()
    }
}

/// A check that stands by itself, such as that of a policy.
struct Boxed(Box<dyn super::DynHealthCheck>);

impl Run for Boxed {
    fn run(&self, what: Ask) -> BoxHealth<'_> {
        self.0.ask(what)
    }
}

/// What is left out is no reason to complain.
fn absent() -> BoxHealth<'static> {
    Box::pin(std::future::ready(Health::healthy().because("not configured")))
}

pub(super) fn function(name: String, options: CheckOptions, call: fn() -> BoxHealth<'static>) -> Part {
    Part { name, options: as_part(options), run: Arc::new(Free(call)) }
}

/// The checks that `it` consists of.
pub(super) fn parts_of<T: HealthCheck>(it: T, name: Option<&str>, options: CheckOptions) -> Vec<Part> {
    let mut parts = Vec::new();
    let prefix = name.map(str::to_owned);
    let of: Arc<dyn Get<T>> = Arc::new(Owned(it));
    T::parts(Parts { of, into: &mut parts, prefix, options, is_field: false });
    parts
}

/// Who is named in a struct and given no probes is asked whether requests may be sent here.
fn as_part(options: CheckOptions) -> CheckOptions {
    options.or(CheckOptions { probes: Some(Probes::READY), ..CheckOptions::new() })
}

/// Takes the checks that something consists of.
#[doc(hidden)]
pub struct Parts<'a, T> {
    of: Arc<dyn Get<T>>,
    into: &'a mut Vec<Part>,
    /// What the names of the parts begin with, or the name of the whole.
    prefix: Option<String>,
    /// What was said where it is used, which overrules what it says itself.
    options: CheckOptions,
    is_field: bool,
}

impl<T: HealthCheck> Parts<'_, T> {
    /// It is one check.
    pub fn whole(self) {
        let given = self.options.or(T::options());
        let options = if self.is_field { as_part(given) } else { given };
        let name = self.prefix.unwrap_or_else(|| T::name().into_owned());
        self.into.push(Part { name, options, run: Arc::new(Whole(self.of)) });
    }

    fn named(&self, name: &str) -> String {
        match &self.prefix {
            Some(prefix) => format!("{prefix}.{name}"),
            None => name.to_owned(),
        }
    }

    /// A field, by its type's own check.
    pub fn field<F: HealthCheck>(&mut self, name: &str, options: CheckOptions, field: fn(&T) -> Option<&F>) {
        let prefix = Some(self.named(name));
        let of: Arc<dyn Get<F>> = Arc::new(Field { of: Arc::clone(&self.of), field });
        let options = self.options.or(options);
        F::parts(Parts { of, into: self.into, prefix, options, is_field: true });
    }

    /// A function of it.
    pub fn call(&mut self, name: &str, options: CheckOptions, call: Call<T>) {
        let run = Called { of: Arc::clone(&self.of), call };
        let options = as_part(self.options.or(options));
        self.into.push(Part { name: self.named(name), options, run: Arc::new(run) });
    }

    /// A check that is not in it, such as that of a policy.
    pub fn beside<C: HealthCheck>(&mut self, name: &str, options: CheckOptions, check: C) {
        let options = as_part(self.options.or(options).or(C::options()));
        self.into.push(Part { name: self.named(name), options, run: Arc::new(Boxed(Box::new(check))) });
    }

    /// It is what lies behind it.
    pub(super) fn through<F: HealthCheck>(self, inner: fn(&T) -> Option<&F>) {
        let of: Arc<dyn Get<F>> = Arc::new(Field { of: self.of, field: inner });
        F::parts(Parts {
            of,
            into: self.into,
            prefix: self.prefix,
            options: self.options,
            is_field: self.is_field,
        });
    }
}

impl<T> fmt::Debug for Parts<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Parts").field("prefix", &self.prefix).finish_non_exhaustive()
    }
}
