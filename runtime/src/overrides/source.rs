use super::{Entry, Known, Problem};

/// Where values come from: the environment, a file, the code, a service.
///
/// ```
/// use mainstay_runtime::overrides::{Entry, Known, Level, Problem, Source, overrides};
///
/// /// The answer of a configuration service, as `attribute option value` on each line.
/// struct Service(&'static str);
///
/// impl Source for Service {
///     fn read(&self, _known: &Known) -> Result<Vec<Entry>, Vec<Problem>> {
///         let entry = |(number, line): (usize, &str)| {
///             let place = format!("service:{}", number + 1);
///             match line.split(' ').collect::<Vec<_>>()[..] {
///                 [attribute, option, value] => Ok(Entry::new(place, Level::kind(attribute), option, value)),
///                 _ => Err(vec![Problem::new(place, "", "write three words")]),
///             }
///         };
///         self.0.lines().enumerate().map(entry).collect()
///     }
/// }
///
/// let error = overrides().source(Service("retry max_atempts 5\nretry")).load().unwrap_err();
/// assert_eq!(error.problems()[0].place(), "service:2");
/// ```
pub trait Source: Send + Sync {
    /// Everything that it says now. It is asked again at each [`reload`](super::reload), and again and again where it is
    /// [watched](super::Overrides::watch), on the thread that does that; it may block.
    ///
    /// `known` is for sources whose keys cannot be taken apart otherwise. Whether an entry fits is checked by whoever
    /// asks.
    ///
    /// # Errors
    /// What cannot be read, each with its place. Nothing of any source is set then.
    fn read(&self, known: &Known) -> Result<Vec<Entry>, Vec<Problem>>;
}

impl<S: Source + ?Sized> Source for Box<S> {
    fn read(&self, known: &Known) -> Result<Vec<Entry>, Vec<Problem>> {
        (**self).read(known)
    }
}

impl<S: Source + ?Sized> Source for std::sync::Arc<S> {
    fn read(&self, known: &Known) -> Result<Vec<Entry>, Vec<Problem>> {
        (**self).read(known)
    }
}
