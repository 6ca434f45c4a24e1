use std::{
    fs::{self, File},
    io::Write,
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use super::ServerError;

/// How long a server may take until it is ready, on a machine that is busy.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often its log is read meanwhile.
const PAUSE: Duration = Duration::from_millis(5);

/// A running server. Killed with SIGKILL on drop, and when this process ends in whatever way.
#[derive(Debug)]
pub(super) struct Process {
    child: Child,
    guard: Child,
}

impl Process {
    /// Starts `command` and waits until it has written `ready` to its log. `folder` is removed if this process is killed.
    pub(super) fn start(mut command: Command, folder: &Path, ready: &str) -> Result<Self, ServerError> {
        let name = command.get_program().to_string_lossy().into_owned();
        let log = folder.join("server.log");
        let file = File::create(&log).map_err(ServerError::io(format!("cannot write {}", log.display())))?;
        let twin = file.try_clone().map_err(ServerError::io("cannot share the log"))?;
        command.stdin(Stdio::null()).stdout(file).stderr(twin).current_dir(folder);
        // Ctrl-C is for the tests; what they started ends with them.
        let child =
            command.process_group(0).spawn().map_err(ServerError::io(format!("cannot start {name}")))?;
        let guard = guard(child.id(), folder);
        let mut process = match guard {
            Ok(guard) => Self { child, guard },
            Err(error) => {
                kill(child);
                return Err(error);
            }
        };
        process.wait_for(ready, &log, &name)?;
        Ok(process)
    }

    fn wait_for(&mut self, ready: &str, log: &PathBuf, name: &str) -> Result<(), ServerError> {
        let end = Instant::now() + PATIENCE;
        loop {
            let ended = self.child.try_wait().map_err(ServerError::io(format!("cannot watch {name}")))?;
            let said = fs::read(log).unwrap_or_default();
            let said = String::from_utf8_lossy(&said);
            if let Some(status) = ended {
                return Err(ServerError::new(format!("{name} ended with {status}; its log says:\n{said}")));
            }
            if said.contains(ready) {
                return Ok(());
            }
            if Instant::now() > end {
                return Err(ServerError::new(format!(
                    "{name} is not ready after {PATIENCE:?}; its log says:\n{said}"
                )));
            }
            thread::sleep(PAUSE);
        }
    }

    /// The process's number.
    pub(super) fn id(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // First the guard is told to leave: the number it knows may soon be another process's.
        if let Some(mut stdin) = self.guard.stdin.take() {
            let _ = stdin.write_all(b"leave\n");
        }
        let _ = self.guard.wait();
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn kill(mut child: Child) {
    let _ = child.kill();
    let _ = child.wait();
}

/// Waits for a word from us; if we end without one, it does what drop would have done.
fn guard(server: u32, folder: &Path) -> Result<Child, ServerError> {
    Command::new("sh")
        .args(["-c", r#"read -r word || { kill -9 "$1"; sleep 0.2; rm -rf "$2"; }"#, "mainstay-guard"])
        .arg(server.to_string())
        .arg(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
        .map_err(ServerError::io("cannot start `sh`, which cleans up after a killed test"))
}

/// Sends a signal to a process of ours, `STOP` or `CONT`.
pub(super) fn signal(process: &Process, signal: &str) -> Result<(), ServerError> {
    let status = Command::new("sh")
        .args(["-c", r#"kill -"$1" "$2""#, "sh", signal])
        .arg(process.id().to_string())
        .status()
        .map_err(ServerError::io("cannot start `sh`"))?;
    if status.success() { Ok(()) } else { Err(ServerError::new(format!("kill -{signal} failed: {status}"))) }
}
