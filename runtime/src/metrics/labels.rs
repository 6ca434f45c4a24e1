use std::{borrow::Cow, fmt, hash::Hash};

use super::LabelValue;

/// The values of a family's labels, as a tuple of [`LabelValue`]s: `()`, `(A,)`, `(A, B)`, up to six.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no set of labels",
    label = "labels are given as a tuple of label values, such as `(Method, HttpStatus)` or `(bool,)`"
)]
pub trait Labels: Clone + Eq + Hash + fmt::Debug + Send + Sync + 'static {
    /// The names, an array of as many texts as there are values.
    type Names: AsRef<[&'static str]> + Clone + fmt::Debug + PartialEq + Send + Sync + 'static;

    /// The values as texts.
    fn texts(&self) -> Vec<Cow<'static, str>>;
}

macro_rules! tuples {
    ($($count:literal: $($value:ident $at:tt),*;)*) => {$(
        impl<$($value: LabelValue),*> Labels for ($($value,)*) {
            type Names = [&'static str; $count];

            fn texts(&self) -> Vec<Cow<'static, str>> {
                vec![$(self.$at.label()),*]
            }
        }
    )*};
}

tuples! {
    0: ;
    1: A 0;
    2: A 0, B 1;
    3: A 0, B 1, C 2;
    4: A 0, B 1, C 2, D 3;
    5: A 0, B 1, C 2, D 3, E 4;
    6: A 0, B 1, C 2, D 3, E 4, F 5;
}

/// The labels of one series, with the text that they have in every scrape.
#[derive(Debug, Clone, PartialEq)]
pub struct LabelSet {
    pairs: Box<[(Cow<'static, str>, Box<str>)]>,
    text: Box<str>,
    /// The beginning of the series' line up to the number, where its metric has one line.
    pub(super) line: Option<Box<str>>,
}

/// The label that says that a family had no room for a series of its own, by the name OpenTelemetry gave it.
pub(crate) const OVERFLOW: &str = "otel_metric_overflow";

impl LabelSet {
    /// These labels in this order. Empty values are left out, as they mean the same as no label.
    pub fn new<N, V>(pairs: impl IntoIterator<Item = (N, V)>) -> Self
    where
        N: Into<Cow<'static, str>>,
        V: AsRef<str>,
    {
        let pairs = pairs.into_iter().map(|(name, value)| (name.into(), Box::from(value.as_ref())));
        let pairs: Box<[(Cow<'static, str>, Box<str>)]> =
            pairs.filter(|(_, value): &(_, Box<str>)| !value.is_empty()).collect();
        let mut text = String::new();
        for (name, value) in &pairs {
            if !text.is_empty() {
                text.push(',');
            }
            text.push_str(name);
            text.push_str("=\"");
            super::text::escape(&mut text, value);
            text.push('"');
        }
        Self { pairs, text: text.into_boxed_str(), line: None }
    }

    /// No labels.
    pub fn none() -> Self {
        Self::new::<&str, &str>([])
    }

    /// The labels, by name.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs.iter().map(|(name, value)| (&**name, &**value))
    }

    /// The labels as the text formats have them between the braces, values escaped.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The same labels, with the beginning of their line worked out.
    pub(super) fn with_line(mut self, name: &str, ending: &str) -> Self {
        self.line = Some(super::text::line(name, ending, &self.text).into_boxed_str());
        self
    }
}
