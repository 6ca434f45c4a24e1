use std::{fs, process::Command};

use super::{
    ServerError,
    folder::Folder,
    port::Port,
    process::{Process, signal},
    programs::Program,
};

/// A Redis server of its own, on a loopback port, with its data in a temporary folder.
///
/// It keeps nothing over a restart unless [`RedisOptions::append_only`] is asked for. Valkey does as well: name its program
/// in `MAINSTAY_REDIS_SERVER`, or have `valkey-server` on `PATH` and no `redis-server`.
///
/// ```no_run
/// use mainstay_testkit::servers::RedisServer;
///
/// let mut server = RedisServer::builder().append_only().start()?;
/// println!("listening on {}", server.url());
/// server.kill();
/// server.restart()?;
/// # Ok::<(), mainstay_testkit::servers::ServerError>(())
/// ```
#[derive(Debug)]
pub struct RedisServer {
    // Dropped before the folder in which it writes.
    process: Option<Process>,
    program: Program,
    options: RedisOptions,
    port: Port,
    folder: Folder,
}

/// What a [`RedisServer`] is started with.
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct RedisOptions {
    append_only: bool,
    password: Option<String>,
    certificate: Option<Certificate>,
    config: Vec<(String, String)>,
}

/// A server's certificate and its key, in PEM.
#[derive(Debug, Clone)]
struct Certificate {
    certificate: String,
    key: String,
}

impl RedisOptions {
    /// Every write is on disk before it is answered, so that a killed server finds it again: `appendonly yes` and
    /// `appendfsync always`.
    pub fn append_only(mut self) -> Self {
        self.append_only = true;
        self
    }

    /// What clients must show.
    pub fn password(mut self, password: impl Into<String>) -> Self {
        self.password = Some(password.into());
        self
    }

    /// It speaks TLS alone, with this certificate and key, both in PEM.
    pub fn tls(mut self, certificate: impl Into<String>, key: impl Into<String>) -> Self {
        self.certificate = Some(Certificate { certificate: certificate.into(), key: key.into() });
        self
    }

    /// Any other directive of `redis.conf`.
    pub fn config(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.config.push((name.into(), value.into()));
        self
    }

    /// Starts it and waits until it serves.
    ///
    /// # Errors
    /// There is no program, with what to do about it; or it does not start, with its log.
    pub fn start(self) -> Result<RedisServer, ServerError> {
        let program = Program::find(&["redis-server", "valkey-server"], &[], "MAINSTAY_REDIS_SERVER")?;
        let folder = Folder::new("redis")?;
        let mut server = RedisServer { process: None, program, options: self, port: Port::free()?, folder };
        let mut tries = 0;
        // Between finding a free port and taking it somebody else may take it.
        loop {
            tries += 1;
            match server.restart() {
                Ok(()) => return Ok(server),
                Err(error) if tries == 5 || !error.to_string().contains("Address already in use") => {
                    return Err(error);
                }
                Err(_) => server.port = Port::free()?,
            }
        }
    }
}

impl RedisServer {
    /// A server that keeps nothing and asks for no password.
    ///
    /// # Errors
    /// See [`RedisOptions::start`].
    pub fn start() -> Result<Self, ServerError> {
        Self::builder().start()
    }

    /// One with options.
    pub fn builder() -> RedisOptions {
        RedisOptions::default()
    }

    /// Its port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port.number()
    }

    /// Where it listens, such as `127.0.0.1:21379`.
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port())
    }

    /// What clients connect to, with the password if there is one.
    pub fn url(&self) -> String {
        let scheme = if self.options.certificate.is_some() { "rediss" } else { "redis" };
        match &self.options.password {
            Some(password) => format!("{scheme}://:{password}@{}", self.address()),
            None => format!("{scheme}://{}", self.address()),
        }
    }

    /// Kills it with SIGKILL: a crash.
    pub fn kill(&mut self) {
        self.process = None;
    }

    /// Starts it again after it was killed, on its port and with what it had written to disk. Kills it first if it runs.
    ///
    /// # Errors
    /// See [`RedisOptions::start`].
    pub fn restart(&mut self) -> Result<(), ServerError> {
        self.kill();
        let mut command = self.program.command();
        command.args(["--bind", "127.0.0.1"]);
        self.listen(&mut command)?;
        command.arg("--dir").arg(self.folder.path());
        command.args(["--save", "", "--daemonize", "no", "--logfile", ""]);
        if self.options.append_only {
            command.args(["--appendonly", "yes", "--appendfsync", "always"]);
        }
        if let Some(password) = &self.options.password {
            command.args(["--requirepass", password]);
        }
        for (name, value) in &self.options.config {
            command.arg(format!("--{name}")).args(value.split_whitespace());
        }
        self.process = Some(Process::start(command, self.folder.path(), "Ready to accept connections")?);
        Ok(())
    }

    fn listen(&self, command: &mut Command) -> Result<(), ServerError> {
        let port = self.port().to_string();
        let Some(Certificate { certificate, key }) = &self.options.certificate else {
            command.args(["--port", &port]);
            return Ok(());
        };
        command.args(["--port", "0", "--tls-port", &port, "--tls-auth-clients", "no"]);
        for (names, text) in [(&["cert", "ca-cert"][..], certificate), (&["key"], key)] {
            let path = self.folder.path().join(format!("{}.pem", names[0]));
            fs::write(&path, text).map_err(ServerError::io(format!("cannot write {}", path.display())))?;
            for name in names {
                command.arg(format!("--tls-{name}-file")).arg(&path);
            }
        }
        Ok(())
    }

    /// Stops it in its tracks: connections stay open and nothing is answered, until [`RedisServer::resume`].
    ///
    /// # Errors
    /// It does not run.
    pub fn pause(&self) -> Result<(), ServerError> {
        signal(self.process()?, "STOP")
    }

    /// Lets it go on.
    ///
    /// # Errors
    /// It does not run.
    pub fn resume(&self) -> Result<(), ServerError> {
        signal(self.process()?, "CONT")
    }

    fn process(&self) -> Result<&Process, ServerError> {
        self.process.as_ref().ok_or_else(|| ServerError::new("the server was killed; `restart` it first"))
    }
}

#[cfg(test)]
mod tests {
    use std::{
        io::{BufRead, BufReader, Write},
        net::TcpStream,
    };

    use super::*;

    fn ask(server: &RedisServer, line: &str) -> String {
        let mut stream = TcpStream::connect(server.address()).unwrap();
        stream.write_all(format!("{line}\r\n").as_bytes()).unwrap();
        let mut answer = String::new();
        BufReader::new(stream).read_line(&mut answer).unwrap();
        answer.trim_end().to_owned()
    }

    #[test]
    fn a_server_answers_when_it_has_started() {
        let server = RedisServer::start().unwrap();
        assert_eq!(ask(&server, "PING"), "+PONG");
    }

    #[test]
    fn what_was_answered_is_there_after_a_crash_with_append_only() {
        let mut server = RedisServer::builder().append_only().start().unwrap();
        assert_eq!(ask(&server, "SET a 1"), "+OK");
        server.kill();
        assert!(TcpStream::connect(server.address()).is_err());
        server.restart().unwrap();
        assert_eq!(ask(&server, "EXISTS a"), ":1");
    }

    #[test]
    fn a_dropped_server_leaves_nothing_also_by_a_panic() {
        let server = RedisServer::start().unwrap();
        let (address, folder) = (server.address(), server.folder.path().to_owned());
        assert!(folder.exists());
        let panicked = std::thread::spawn(move || {
            let _server = server;
            panic!("as a failing test does");
        });
        panicked.join().unwrap_err();
        assert!(TcpStream::connect(address).is_err());
        assert!(!folder.exists());
    }

    #[test]
    fn a_server_that_does_not_start_shows_its_log() {
        let error = RedisServer::builder().config("maxmemory-policy", "nonsense").start().unwrap_err();
        assert!(error.to_string().contains("maxmemory-policy"), "{error}");
    }
}
