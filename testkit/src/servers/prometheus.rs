use std::{fmt::Write as _, fs, path::PathBuf};

use super::{ServerError, folder::Folder, port::Port, process::Process, programs::Program};

/// A Prometheus of its own, on a loopback port, with its data in a temporary folder. It scrapes what it is given ten times a
/// second.
///
/// ```no_run
/// use mainstay_testkit::servers::PrometheusServer;
///
/// let server = PrometheusServer::scraping("127.0.0.1:9090").start()?;
/// println!("ask http://{}/api/v1/query?query=up", server.address());
/// # Ok::<(), mainstay_testkit::servers::ServerError>(())
/// ```
#[derive(Debug)]
pub struct PrometheusServer {
    // Dropped before the folder in which it writes.
    _process: Process,
    port: Port,
    _folder: Folder,
}

/// What a [`PrometheusServer`] is started with.
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct PrometheusOptions {
    targets: Vec<String>,
    rules: Option<String>,
}

impl PrometheusOptions {
    /// One more address to scrape.
    pub fn and(mut self, target: impl Into<String>) -> Self {
        self.targets.push(target.into());
        self
    }

    /// A file of rules that it follows.
    pub fn rules(mut self, rules: impl Into<String>) -> Self {
        self.rules = Some(rules.into());
        self
    }

    /// Starts it and waits until it serves.
    ///
    /// # Errors
    /// There is no program, with what to do about it; or it does not start, with its log.
    pub fn start(self) -> Result<PrometheusServer, ServerError> {
        let program = Program::find(&["prometheus"], &[], "MAINSTAY_PROMETHEUS")?;
        let folder = Folder::new("prometheus")?;
        let write = |name: &str, text: &str| -> Result<PathBuf, ServerError> {
            let path = folder.path().join(name);
            fs::write(&path, text).map_err(ServerError::io(format!("cannot write {}", path.display())))?;
            Ok(path)
        };
        let mut config =
            "global: {scrape_interval: 100ms, scrape_timeout: 100ms, evaluation_interval: 100ms}\n"
                .to_owned();
        if let Some(rules) = &self.rules {
            write("rules.yml", rules)?;
            config.push_str("rule_files: [rules.yml]\n");
        }
        // A `String` takes all that is written to it.
        let _ = writeln!(
            config,
            "scrape_configs: [{{job_name: tests, static_configs: [{{targets: {:?}}}]}}]",
            self.targets
        );
        let config = write("prometheus.yml", &config)?;
        let mut tries = 0;
        // Between finding a free port and taking it somebody else may take it.
        loop {
            let port = Port::free()?;
            tries += 1;
            let mut command = program.command();
            command
                .arg(format!("--config.file={}", config.display()))
                .arg(format!("--storage.tsdb.path={}", folder.path().join("data").display()))
                .arg(format!("--web.listen-address=127.0.0.1:{}", port.number()));
            match Process::start(command, folder.path(), "Server is ready to receive web requests") {
                Ok(process) => return Ok(PrometheusServer { _process: process, port, _folder: folder }),
                Err(error) if tries == 5 || !error.to_string().contains("address already in use") => {
                    return Err(error);
                }
                Err(_) => {}
            }
        }
    }
}

impl PrometheusServer {
    /// One that scrapes `/metrics` at that address.
    pub fn scraping(target: impl Into<String>) -> PrometheusOptions {
        PrometheusOptions::default().and(target)
    }

    /// Where it listens, such as `127.0.0.1:21379`.
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port.number())
    }
}

/// What `promtool` says to these arguments and this input, and whether it found nothing wrong.
///
/// # Errors
/// There is no program, with what to do about it; or it cannot be started.
pub fn promtool(arguments: &[&str], input: &str) -> Result<(bool, String), ServerError> {
    use std::{io::Write as _, process::Stdio};
    let mut command = Program::find(&["promtool"], &[], "MAINSTAY_PROMTOOL")?.command();
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(ServerError::io("cannot start promtool"))?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(input.as_bytes()).map_err(ServerError::io("cannot write to promtool"))?;
    }
    let output = child.wait_with_output().map_err(ServerError::io("cannot wait for promtool"))?;
    let said = [output.stdout, output.stderr].concat();
    Ok((output.status.success(), String::from_utf8_lossy(&said).into_owned()))
}
