//! A program in a process of its own.

use std::{
    env,
    io::{BufRead, BufReader, Read},
    os::unix::process::ExitStatusExt,
    process::{Child, ChildStdout, Command, ExitStatus, Stdio},
};

use crate::programs::{PROGRAM, UNHEARD};

pub(crate) struct Program {
    child: Child,
    lines: std::io::Lines<BufReader<ChildStdout>>,
    /// What it has said and logged so far.
    pub(crate) said: Vec<String>,
}

impl Program {
    /// Starts the program of that name, and waits until it runs.
    pub(crate) fn start(name: &str) -> Self {
        Self::run(name, true)
    }

    /// The same without a subscriber: [`complaints`](Self::complaints) gives what it prints instead.
    pub(crate) fn start_unheard(name: &str) -> Self {
        Self::run(name, false)
    }

    fn run(name: &str, is_heard: bool) -> Self {
        let mut command = Command::new(env::current_exe().unwrap());
        command.args(["--exact", "programs::program_of_a_child", "--nocapture", "--test-threads=1"]);
        let child = command
            .env(PROGRAM, name)
            .env("RUST_BACKTRACE", "0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(if is_heard { Stdio::null() } else { Stdio::piped() });
        if !is_heard {
            child.env(UNHEARD, "1");
        }
        let mut child = child.spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut program = Self { child, lines, said: Vec::new() };
        program.until("it runs");
        program.said.clear();
        program
    }

    /// Waits until it says a line with that text.
    pub(crate) fn until(&mut self, text: &str) {
        loop {
            let Some(Ok(line)) = self.lines.next() else { panic!("no `{text}` in {:#?}", self.said) };
            self.said.push(line);
            if self.said.last().is_some_and(|line| line.contains(text)) {
                return;
            }
        }
    }

    pub(crate) fn signal(&self, signal: &str) {
        let kill = format!("kill -{signal} {}", self.child.id());
        assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
    }

    /// Waits for its end: what it exits with.
    pub(crate) fn end(&mut self) -> Option<i32> {
        self.ended().code()
    }

    /// The number of the signal that ended it.
    pub(crate) fn killed_by(&mut self) -> Option<i32> {
        self.ended().signal()
    }

    /// What a program without a subscriber has printed to stderr. Call it once it has ended.
    pub(crate) fn complaints(&mut self) -> String {
        let mut text = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut text).unwrap();
        text
    }

    fn ended(&mut self) -> ExitStatus {
        for line in self.lines.by_ref() {
            self.said.push(line.unwrap());
        }
        self.child.wait().unwrap()
    }

    /// What it has said itself.
    pub(crate) fn own(&self) -> Vec<&str> {
        self.said.iter().map(String::as_str).filter(|line| !line.starts_with("log")).collect()
    }

    /// Whether it has logged something with all these texts.
    pub(crate) fn logged(&self, texts: &[&str]) -> bool {
        self.said.iter().any(|line| line.starts_with("log") && texts.iter().all(|text| line.contains(text)))
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
