use std::{
    fs,
    os::unix::{
        fs::{MetadataExt, chown},
        process::CommandExt,
    },
    process::{Command, Stdio},
};

use super::{ServerError, family::Family, folder::Folder, port::Port, process::Process, programs::Program};

const BIN: &str = "/usr/lib/postgresql/*/bin";
const READY: &str = "database system is ready to accept connections";

/// A PostgreSQL server of its own, on a loopback port, with its data in a temporary folder.
///
/// It writes to the disk as in production (`fsync`), so that [`PostgresServer::kill`] is a crash that keeps what was
/// committed. The superuser is `postgres`, with a password. Name a program of your own in `MAINSTAY_POSTGRES` and the
/// `initdb` beside it in `MAINSTAY_INITDB`.
///
/// ```no_run
/// use mainstay_testkit::servers::PostgresServer;
///
/// let mut server = PostgresServer::start()?;
/// println!("listening on {}", server.url());
/// server.kill();
/// server.restart()?;
/// # Ok::<(), mainstay_testkit::servers::ServerError>(())
/// ```
#[derive(Debug)]
pub struct PostgresServer {
    // Dropped before the folder in which it writes.
    process: Option<Process>,
    program: Program,
    options: PostgresOptions,
    owner: Option<Owner>,
    port: Port,
    folder: Folder,
}

/// What a [`PostgresServer`] is started with.
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct PostgresOptions {
    config: Vec<(String, String)>,
}

impl PostgresOptions {
    /// Any parameter of `postgresql.conf`.
    pub fn config(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.config.push((name.into(), value.into()));
        self
    }

    /// Makes its data folder, starts it and waits until it serves.
    ///
    /// # Errors
    /// There is no program, with what to do about it; or it does not start, with its log.
    pub fn start(self) -> Result<PostgresServer, ServerError> {
        let program = Program::find(&["postgres"], &[BIN], "MAINSTAY_POSTGRES")?;
        let initdb = Program::find(&["initdb"], &[BIN], "MAINSTAY_INITDB")?;
        let owner = Owner::find()?;
        let folder = Folder::new("postgres")?;
        if let Some(Owner { user, group }) = owner {
            let given = chown(folder.path(), Some(user), Some(group));
            given.map_err(ServerError::io("cannot give the data folder to the server's user"))?;
        }
        let mut server =
            PostgresServer { process: None, program, options: self, owner, port: Port::free()?, folder };
        server.init(&initdb)?;
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

/// Of whom the server is: PostgreSQL refuses to run as root.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Owner {
    user: u32,
    group: u32,
}

impl Owner {
    /// None: we are not root, the server may be ours.
    fn find() -> Result<Option<Self>, ServerError> {
        let us = fs::metadata("/proc/self").map_err(ServerError::io("cannot read /proc/self"))?.uid();
        if us != 0 {
            return Ok(None);
        }
        let users = fs::read_to_string("/etc/passwd").map_err(ServerError::io("cannot read /etc/passwd"))?;
        Self::among(&users).map(Some).ok_or_else(|| {
            ServerError::new(
                "PostgreSQL does not run as root, and there is no user `postgres` or `nobody` to run it",
            )
        })
    }

    fn among(users: &str) -> Option<Self> {
        ["postgres", "nobody"].iter().find_map(|name| {
            let line = users.lines().find(|line| line.split(':').next() == Some(*name))?;
            let mut fields = line.split(':').skip(2);
            Some(Self { user: fields.next()?.parse().ok()?, group: fields.next()?.parse().ok()? })
        })
    }
}

impl PostgresServer {
    /// The superuser's password: a text that no error or log of ours may show.
    pub const PASSWORD: &str = "s3cret-of-the-testkit";

    /// A server with the parameters that it has by itself.
    ///
    /// # Errors
    /// See [`PostgresOptions::start`].
    pub fn start() -> Result<Self, ServerError> {
        Self::builder().start()
    }

    /// One with options.
    pub fn builder() -> PostgresOptions {
        PostgresOptions::default()
    }

    /// Its port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port.number()
    }

    /// Where it listens, such as `127.0.0.1:25432`.
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port())
    }

    /// What the superuser connects to, with the password: the database `postgres`.
    pub fn url(&self) -> String {
        self.url_as("postgres", Self::PASSWORD, "postgres")
    }

    /// What another user connects to, or the same to another database.
    pub fn url_as(&self, user: &str, password: &str, database: &str) -> String {
        format!("postgres://{user}:{password}@{}/{database}", self.address())
    }

    fn init(&self, initdb: &Program) -> Result<(), ServerError> {
        let password = self.folder.path().join("password");
        fs::write(&password, Self::PASSWORD).map_err(ServerError::io("cannot write the password's file"))?;
        let mut command = initdb.command();
        command.arg("--pgdata").arg(self.folder.path().join("data"));
        command.arg("--pwfile").arg(&password);
        command.args(["--username", "postgres", "--auth", "scram-sha-256", "--encoding", "UTF8"]);
        command.args(["--locale", "C", "--no-sync", "--no-instructions"]);
        let output = self.ours(&mut command).output().map_err(ServerError::io("cannot start initdb"))?;
        if output.status.success() {
            return Ok(());
        }
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        Err(ServerError::new(format!("initdb ended with {}:\n{said}", output.status)))
    }

    fn ours<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        if let Some(Owner { user, group }) = self.owner {
            command.uid(user).gid(group);
        }
        command.current_dir(self.folder.path()).stdin(Stdio::null())
    }

    /// Kills it with SIGKILL, all of its processes at once: a crash.
    pub fn kill(&mut self) {
        if let Some(process) = self.process.take() {
            // Stopped first, it cannot start another meanwhile, nor see one of its own die and begin anew.
            let parent = Family::of(process.id());
            let _ = parent.signal("STOP");
            let family = Family::of(process.id());
            let _ = family.signal("KILL");
            drop(process);
            // What is left of them would keep the next server from the data.
            family.wait();
        }
    }

    /// Starts it again after it was killed, on its port and with what it had committed. Kills it first if it runs.
    ///
    /// # Errors
    /// See [`PostgresOptions::start`].
    pub fn restart(&mut self) -> Result<(), ServerError> {
        self.kill();
        let mut command = self.program.command();
        command.arg("-D").arg(self.folder.path().join("data")).args(["-p", &self.port().to_string()]);
        let ours = [
            ("listen_addresses", "127.0.0.1"),
            ("unix_socket_directories", ""),
            ("dynamic_shared_memory_type", "mmap"),
        ];
        let theirs = self.options.config.iter().map(|(name, value)| (&**name, &**value));
        for (name, value) in ours.into_iter().chain(theirs) {
            command.args(["-c", &format!("{name}={value}")]);
        }
        self.ours(&mut command);
        self.process = Some(Process::start(command, self.folder.path(), READY)?);
        Ok(())
    }

    /// Stops it in its tracks: connections stay open and nothing is answered, until [`PostgresServer::resume`].
    ///
    /// # Errors
    /// It does not run.
    pub fn pause(&self) -> Result<(), ServerError> {
        Family::of(self.process()?.id()).signal("STOP")?;
        // Those that it started until it stopped.
        Family::of(self.process()?.id()).signal("STOP")
    }

    /// Lets it go on.
    ///
    /// # Errors
    /// It does not run.
    pub fn resume(&self) -> Result<(), ServerError> {
        Family::of(self.process()?.id()).signal("CONT")
    }

    fn process(&self) -> Result<&Process, ServerError> {
        self.process.as_ref().ok_or_else(|| ServerError::new("the server was killed; `restart` it first"))
    }
}

impl Drop for PostgresServer {
    fn drop(&mut self) {
        if let Some(process) = &self.process {
            // Asked to end at once it gives its shared memory back to the system, which a killed one cannot.
            let _ = self.resume();
            let family = Family::of(process.id());
            let _ = Family::of(process.id()).signal("QUIT");
            family.wait();
        }
        self.kill();
    }
}

#[cfg(test)]
mod tests {
    use std::{
        io::{Read, Write},
        net::TcpStream,
    };

    use super::*;

    /// The protocol's question whether it may be encrypted, which a server answers with one letter.
    fn answers(server: &PostgresServer) -> bool {
        let Ok(mut stream) = TcpStream::connect(server.address()) else { return false };
        stream.write_all(&[0, 0, 0, 8, 4, 210, 22, 47]).unwrap();
        let mut answer = [0];
        stream.read_exact(&mut answer).is_ok() && answer == *b"N"
    }

    #[test]
    fn a_server_answers_until_it_is_killed_and_again_after_a_restart() {
        let mut server = PostgresServer::start().unwrap();
        assert!(answers(&server));
        server.kill();
        assert!(!answers(&server));
        server.restart().unwrap();
        assert!(answers(&server));
        server.pause().unwrap();
        server.resume().unwrap();
        assert!(answers(&server));
        let (address, folder) = (server.address(), server.folder.path().to_owned());
        drop(server);
        assert!(TcpStream::connect(address).is_err());
        assert!(!folder.exists());
    }

    #[test]
    fn a_server_that_does_not_start_shows_its_log() {
        let error = PostgresServer::builder().config("work_mem", "plenty").start().unwrap_err();
        assert!(error.to_string().contains("work_mem"), "{error}");
    }

    #[test]
    fn root_has_the_server_run_by_another_user() {
        let users = "root:x:0:0::/root:/bin/sh\nnobody:x:65534:65533:::\npostgres:x:101:104:::\n";
        assert_eq!(Owner::among(users), Some(Owner { user: 101, group: 104 }));
        assert_eq!(
            Owner::among(&users.replace("postgres", "mail")),
            Some(Owner { user: 65534, group: 65533 })
        );
        assert_eq!(Owner::among("root:x:0:0:::"), None);
    }
}
