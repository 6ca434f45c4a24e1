use std::{
    fs,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use super::ServerError;

/// A server's process and those it has started, by their numbers.
#[derive(Debug)]
pub(super) struct Family(Vec<u32>);

impl Family {
    /// The process and its children as they are now. Those that it starts later are not in it: stop it first.
    pub(super) fn of(parent: u32) -> Self {
        let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
        let numbers = processes.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
        let children = numbers.filter(|number| stat(*number).is_some_and(|(_, of)| of == parent));
        Self([parent].into_iter().chain(children).collect())
    }

    /// Sends a signal to all of them: `STOP`, `CONT`, `KILL`. That one of them has ended meanwhile is no error.
    pub(super) fn signal(&self, signal: &str) -> Result<(), ServerError> {
        let mut kill = Command::new("sh");
        kill.args(["-c", r#"signal=$1; shift; kill -"$signal" "$@""#, "sh", signal]);
        kill.args(self.0.iter().map(u32::to_string)).stderr(Stdio::null());
        kill.status().map(drop).map_err(ServerError::io("cannot start `sh`"))
    }

    /// Waits until all of them have ended, as long as that takes on a busy machine and not for ever.
    pub(super) fn wait(&self) {
        let end = Instant::now() + Duration::from_secs(30);
        while self.0.iter().any(|number| runs(*number)) && Instant::now() < end {
            thread::sleep(Duration::from_millis(2));
        }
    }
}

/// A process that has ended and that its parent has not asked after (`Z`) runs no more.
fn runs(number: u32) -> bool {
    stat(number).is_some_and(|(state, _)| !matches!(state, 'Z' | 'X'))
}

/// State and parent of a process.
fn stat(number: u32) -> Option<(char, u32)> {
    let stat = fs::read_to_string(format!("/proc/{number}/stat")).ok()?;
    // The name before them may hold anything, also a `)`.
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace();
    Some((fields.next()?.chars().next()?, fields.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn children_belong_to_it_and_end_with_it() {
        let mut parent = Command::new("sh").args(["-c", "sleep 600 & sleep 600 & wait"]).spawn().unwrap();
        let family = loop {
            let family = Family::of(parent.id());
            if family.0.len() == 3 {
                break family;
            }
        };
        family.signal("KILL").unwrap();
        family.wait();
        assert!(parent.wait().is_ok());
        assert!(family.0.iter().all(|number| !runs(*number)));
    }
}
