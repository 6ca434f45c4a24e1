use std::sync::Arc;

use tracing::{Subscriber, dispatcher};
use tracing_subscriber::{Layer, layer::SubscriberExt, registry::LookupSpan};

use crate::{
    Environment, Format, Json, LogFile, Logging, LoggingError, LoggingGuard,
    environment::{Variables, of_service},
    filter::{Switch, Switched},
    layer::LogLayer,
    level::Level,
    output::{Output, Queue, RotatingFile},
    pipeline::{Core, Sink, lost_line},
    sampling::Sampling,
};

impl Logging {
    /// Makes this the logging of the program.
    ///
    /// A variable of the environment that makes no sense is passed over; the first line of the log says so.
    ///
    /// # Errors
    /// A level in code that is none, a file that cannot be written, or another subscriber that is there already.
    pub fn install(self) -> Result<LoggingGuard, LoggingError> {
        let bridges_log = self.bridges_log;
        let (layer, guard) = self.layer()?;
        let subscriber = tracing_subscriber::registry().with(layer);
        tracing::subscriber::set_global_default(subscriber).map_err(|_| LoggingError::AlreadyInstalled)?;
        if bridges_log && tracing_log::LogTracer::init().is_ok() {
            guard.sync_log();
        }
        for problem in guard.problems() {
            tracing::warn!(target: "mainstay::logging", "{problem}; logging from `{}` on instead", guard.level());
        }
        Ok(guard)
    }

    /// This as a layer, for a subscriber of your own: beside others, or for a part of the program.
    ///
    /// # Errors
    /// A level in code that is none, or a file that cannot be written.
    ///
    /// ```
    /// use mainstay_logging::Logging;
    /// use tracing_subscriber::layer::SubscriberExt;
    ///
    /// let (layer, _guard) = Logging::service("prophet").layer()?;
    /// let subscriber = tracing_subscriber::registry().with(layer);
    /// tracing::subscriber::with_default(subscriber, || tracing::info!("heard"));
    /// # Ok::<(), mainstay_logging::LoggingError>(())
    /// ```
    pub fn layer<S>(self) -> Result<(impl Layer<S> + Send + Sync + 'static, LoggingGuard), LoggingError>
    where
        S: Subscriber + for<'s> LookupSpan<'s>,
    {
        let (level, problems) = Level::resolve(&self.service, &self.level, &self.variables)?;
        let deadline = self.deadline;
        let core = self.into_core(level)?;
        let layer = LogLayer { core: Arc::clone(&core) }.with_filter(Switched(Arc::clone(&core.switch)));
        Ok((layer, LoggingGuard::new(core, deadline, problems)))
    }

    fn into_core(self, level: Level) -> Result<Arc<Core>, LoggingError> {
        let environment = self.environment.unwrap_or_else(|| Environment::of(&self.variables));
        let is_json = self.is_json.unwrap_or_else(|| environment.is_served());
        let format = |colours| -> Arc<dyn Format> {
            if is_json { Arc::new(Json::default()) } else { Arc::new(self.pretty.with_colours(colours)) }
        };
        let file = self.file.or_else(|| file_by_variables(&self.service, &self.variables));
        let mut places: Vec<Place> = Vec::new();
        if let Some(console) = self.console {
            let colours = self.colours.unwrap_or_else(|| console.has_colours(&self.variables));
            places.push((console.open(), format(colours), true));
        }
        if let Some(file) = file {
            places.push((open(file)?, format(false), false));
        }
        places.extend(self.outputs.into_iter().map(|(place, format)| (place, Arc::from(format), false)));

        let sampling = self.sampling.map(|(first, interval)| Sampling::new(first, interval));
        let names = (self.service, environment.as_str().to_owned());
        let core = Arc::new(Core::new(names, self.redactor, sampling, Switch::new(level), self.full));
        for (place, format, is_console) in places {
            core.add(sink(&core, place, format, self.capacity, is_console, None));
        }
        Ok(core)
    }
}

/// Where to, how, and whether it is the console.
type Place = (Box<dyn Output>, Arc<dyn Format>, bool);

/// The logging that this thread's subscriber holds, if it is ours.
pub(crate) fn current() -> Option<Arc<Core>> {
    dispatcher::get_default(|current| current.downcast_ref::<LogLayer>().map(|layer| Arc::clone(&layer.core)))
}

pub(crate) fn open(file: LogFile) -> Result<Box<dyn Output>, LoggingError> {
    let path = file.path().to_owned();
    match RotatingFile::open(file) {
        Ok(file) => Ok(Box::new(file)),
        Err(error) => Err(LoggingError::File { path, error }),
    }
}

/// A queue before a place, and the thread behind it.
pub(crate) fn sink(
    core: &Arc<Core>,
    place: Box<dyn Output>,
    format: Arc<dyn Format>,
    capacity: usize,
    is_console: bool,
    reporter: Option<u64>,
) -> Sink {
    let (service, environment) = (core.service.clone(), core.environment.clone());
    let (writes, owner) = (Arc::clone(&format), Arc::downgrade(core));
    let report = move |lost| lost_line(&*writes, &service, &environment, lost);
    // The intervals of sampling end whether or not anything else is logged.
    let tick = core.sampling.as_ref().map(|_| -> Box<dyn Fn() + Send> {
        Box::new(move || {
            if let Some(core) = owner.upgrade() {
                core.report_repeated(mainstay_runtime::clock::now());
            }
        })
    });
    Sink { format, queue: Queue::new(place, capacity, report, tick), is_console, reporter }
}

/// `{SERVICE}_LOG_DIR`, else `LOG_DIR`.
fn file_by_variables(service: &str, variables: &Variables) -> Option<LogFile> {
    let folder = variables.get(&of_service(service, "LOG_DIR")).or_else(|| variables.get("LOG_DIR"))?;
    Some(LogFile::of_service(folder, service))
}

/// Sets logging up for a service, from `level` on: [`Logging`] with its defaults.
///
/// # Errors
/// A level that is none, or another subscriber that is there already.
///
/// ```
/// let _logging = mainstay_logging::setup_logging("prophet", "INFO")?;
/// tracing::info!("ready");
/// # Ok::<(), mainstay_logging::LoggingError>(())
/// ```
pub fn setup_logging(service: &str, level: &str) -> Result<LoggingGuard, LoggingError> {
    Logging::service(service).level(level).install()
}
