use std::{
    env,
    net::{IpAddr, Ipv4Addr},
    sync::Arc,
    time::Duration,
};

use mainstay_runtime::{
    health::{HealthChecker, checks},
    shutdown::{self, Stage},
};
use mainstay_serve::{Limits, Purpose, ServerError, start};
use tokio::{
    sync::{Semaphore, watch},
    time,
};

use crate::{
    access::Access,
    conditions::Conditions,
    host::{HOSTS, allowed},
    listing::Listing,
    page::Page,
    probes::Probes,
    routes::{Ops, STREAMS},
    sampler::Sampler,
    serving::ServingOps,
    wall,
};

pub(crate) static PURPOSE: Purpose =
    Purpose { what: "operations", variable: "HEALTH_CHECK_PORT", port: 8080, thread: "mainstay-ops" };
/// The environment variable of the token.
const TOKEN: &str = "MAINSTAY_OPS_TOKEN";
/// How often it is looked whether a shutdown has reached its next stage.
const STAGES: Duration = Duration::from_millis(20);
/// Shorter tokens can be guessed.
const SHORT: usize = 16;

/// A server for operations, on a thread and a runtime of its own: it answers also while the program's runtime is stuck.
///
/// ```no_run
/// use mainstay_ops::OpsServer;
///
/// let serving = OpsServer::new().service("checkout").start_in_background()?;
/// println!("the live page is at {}", serving.url());
/// # Ok::<(), mainstay_ops::ServerError>(())
/// ```
///
/// | path | answer |
/// |---|---|
/// | `/` | the live page |
/// | `/health`, `/health/live`, `/health/ready`, `/health/started` | 200 or 503, and what each check says |
/// | `/policies` | every site with its stack, every policy with its options, state and numbers |
/// | `/policies/{kind}/{name}` | one policy |
/// | `POST /policies/{kind}/{name}/{order}` | `force_open`, `close`, `disable`, `observe_only`, `enable`, `reset` |
/// | `/events` | what the page reads, as server-sent events |
///
/// | what | default |
/// |---|---|
/// | address | `0.0.0.0`, port `HEALTH_CHECK_PORT` or 8080 |
/// | checks | those of the program, [`checks()`] |
/// | token for orders | `MAINSTAY_OPS_TOKEN`; without one they are taken from this machine only, and others may read |
/// | names | addresses, names without a dot, private domains, and those in `MAINSTAY_OPS_HOSTS` |
#[derive(Debug)]
#[must_use = "nothing is served before `start_in_background`"]
pub struct OpsServer {
    host: IpAddr,
    port: Option<u16>,
    service: Option<String>,
    token: Option<String>,
    hosts: Vec<String>,
    checker: Option<HealthChecker>,
    microprofile: bool,
    sample_every: Duration,
}

impl OpsServer {
    /// A server at the defaults.
    pub fn new() -> Self {
        Self {
            host: IpAddr::V4(Ipv4Addr::UNSPECIFIED),
            port: None,
            service: None,
            token: None,
            hosts: Vec::new(),
            checker: None,
            microprofile: false,
            sample_every: Duration::from_secs(1),
        }
    }

    /// The address of the network interface; `0.0.0.0`, the default, is all of them, `Ipv4Addr::LOCALHOST` this machine alone.
    pub fn host(mut self, host: impl Into<IpAddr>) -> Self {
        self.host = host.into();
        self
    }

    /// The port, whatever `HEALTH_CHECK_PORT` says; 0 for any that is free.
    pub fn port(mut self, port: u16) -> Self {
        self.port = Some(port);
        self
    }

    /// What the page calls the service. Default: the program's file name.
    pub fn service(mut self, name: impl Into<String>) -> Self {
        self.service = Some(name.into());
        self
    }

    /// The token that orders need, whatever `MAINSTAY_OPS_TOKEN` says. Make it long and random; an empty one is none.
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// A name under which the page is asked for, such as `ops.example.com`, beside those of `MAINSTAY_OPS_HOSTS`.
    ///
    /// Other names that anybody can register are refused, so that nobody's web page can have its own name looked up as this
    /// server's address and read it through a visitor's browser. It is the name alone, without scheme, port or path.
    pub fn allow_host(mut self, name: impl Into<String>) -> Self {
        self.hosts.push(name.into());
        self
    }

    /// The checks that `/health` asks, in place of the program's.
    pub fn checks(mut self, checker: HealthChecker) -> Self {
        self.checker = Some(checker);
        self
    }

    /// Answers `/health` in the form of MicroProfile Health.
    pub fn microprofile(mut self) -> Self {
        self.microprofile = true;
        self
    }

    /// How often the policies' numbers are read for the page; 100 ms at least. Default: a second.
    pub fn sample_every(mut self, every: Duration) -> Self {
        self.sample_every = every.max(Duration::from_millis(100));
        self
    }

    /// Starts it on a thread of its own, and says that the program's checks are
    /// [installed](HealthChecker::installed). It serves until the program ends, or until what this gives is told to stop.
    ///
    /// # Errors
    /// `HEALTH_CHECK_PORT` is no port, a name that is [allowed](Self::allow_host) is none, somebody else listens there, or the system gives no thread.
    pub fn start_in_background(self) -> Result<ServingOps, ServerError> {
        let variable = env::var_os(HOSTS).unwrap_or_default();
        let hosts = allowed(self.hosts, &variable.to_string_lossy())?;
        let listener = PURPOSE.listen(self.host, self.port)?;
        let checker = self.checker.unwrap_or_else(|| checks().clone());
        checker.installed();
        let ops = Arc::new(Ops {
            probes: Probes { checker, microprofile: self.microprofile },
            access: Access { token: token(self.token) },
            hosts,
            service: self.service.unwrap_or_else(program),
            started: wall::now(),
            sampler: Sampler::new(self.sample_every),
            conditions: Conditions::new(),
            streams: Arc::new(Semaphore::new(STREAMS)),
            page: Page::new(),
            listing: Listing::default(),
            ended: watch::Sender::new(false),
        });
        let (answering, sampling) = (Arc::clone(&ops), ops);
        let answer = move |request, peer| {
            let ops = Arc::clone(&answering);
            async move { ops.answer(request, peer).await }
        };
        let beside = async move {
            let _ending = Ending(Arc::clone(&sampling));
            tokio::join!(sampling.sampler.run(), sampling.watch(), sampling.tell_stages());
        };
        start(&PURPOSE, listener, Limits::default(), answer, beside).map(ServingOps)
    }
}

impl Default for OpsServer {
    fn default() -> Self {
        Self::new()
    }
}

/// Ends the streams when the server is told to stop.
struct Ending(Arc<Ops>);

impl Drop for Ending {
    fn drop(&mut self) {
        self.0.ended.send_replace(true);
    }
}

impl Ops {
    /// Keeps the conditions known as long as somebody looks.
    async fn watch(&self) {
        let mut samples = self.sampler.follow();
        while samples.changed().await.is_ok() {
            if self.streams.available_permits() < STREAMS {
                self.conditions.renew(&self.probes.checker).await;
            }
        }
    }
}

impl Ops {
    /// Has each stage of a shutdown told as soon as it begins: the process may be gone before the next sample.
    async fn tell_stages(&self) {
        shutdown::draining().await;
        let mut told = None;
        while told != Some(Stage::Ended) {
            let stage = shutdown::progress().stage;
            if told.replace(stage) != Some(stage) {
                self.conditions.renew_shutdown();
                self.sampler.poke();
            }
            time::sleep(STAGES).await;
        }
    }
}

fn token(given: Option<String>) -> Option<String> {
    let token = given.or_else(|| env::var(TOKEN).ok()).map(|token| token.trim().to_owned());
    let token = token.filter(|token| !token.is_empty())?;
    if token.len() < SHORT {
        tracing::warn!(target: "mainstay", "the token for orders is short: {SHORT} characters at least, at random");
    }
    Some(token)
}

fn program() -> String {
    let path = env::args_os().next().map(std::path::PathBuf::from);
    let name =
        path.as_deref().and_then(|path| path.file_stem()).map(|name| name.to_string_lossy().into_owned());
    name.unwrap_or_else(|| "service".to_owned())
}
