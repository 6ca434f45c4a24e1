use super::{Known, Said};

/// Where values come from: the environment, a file, the code, a service.
///
/// ```
/// use mainstay_runtime::overrides::{Entry, Known, Level, Problem, Said, Source, overrides};
///
/// /// The answer of a configuration service, as `attribute option value` on each line.
/// struct Service(&'static str);
///
/// impl Source for Service {
///     fn read(&self, _known: &Known) -> Said {
///         let mut said = Said::new();
///         for (number, line) in self.0.lines().enumerate() {
///             let place = format!("service:{}", number + 1);
///             match line.split(' ').collect::<Vec<_>>()[..] {
///                 [attribute, option, value] => {
///                     said.set(Entry::new(place, Level::kind(attribute), option, value));
///                 }
///                 _ => said.fail(Problem::new(place, "", "write three words")),
///             }
///         }
///         said
///     }
/// }
///
/// let error = overrides().source(Service("bulkhead limt 5\nbulkhead")).load().unwrap_err();
/// let places: Vec<_> = error.problems().iter().map(Problem::place).collect();
/// assert_eq!(places, ["service:2", "service:1"]);
/// ```
pub trait Source: Send + Sync {
    /// Everything that it says now. It is asked again at each [`reload`](super::reload), and again and again where it is
    /// [watched](super::Overrides::watch), on the thread that does that; it may block.
    ///
    /// `known` is for sources whose keys cannot be taken apart otherwise. Whether an entry fits is checked by whoever
    /// asks. If a source says one thing that it cannot read, nothing of any source is set.
    fn read(&self, known: &Known) -> Said;
}

impl<S: Source + ?Sized> Source for Box<S> {
    fn read(&self, known: &Known) -> Said {
        (**self).read(known)
    }
}

impl<S: Source + ?Sized> Source for std::sync::Arc<S> {
    fn read(&self, known: &Known) -> Said {
        (**self).read(known)
    }
}
