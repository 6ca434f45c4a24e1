//! Debian's Chromium, driven over WebDriver: a few commands, and no more than HTTP and JSON.
#![allow(dead_code, reason = "each of those who include this uses a part of it")]

use std::{
    env, fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    time::{Duration, Instant},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

/// A window as it is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Window {
    pub name: &'static str,
    pub width: u32,
    pub height: u32,
    pub scale: u32,
    pub dark: bool,
}

pub const WINDOWS: [Window; 4] = [
    Window { name: "desk-light", width: 1440, height: 900, scale: 1, dark: false },
    Window { name: "desk-dark", width: 1440, height: 900, scale: 1, dark: true },
    Window { name: "phone-light", width: 390, height: 844, scale: 2, dark: false },
    Window { name: "phone-dark", width: 390, height: 844, scale: 2, dark: true },
];

/// A browser with one window. It ends when it is dropped.
#[derive(Debug)]
pub struct Browser {
    driver: Child,
    port: u16,
    session: String,
    profile: PathBuf,
}

impl Browser {
    /// # Panics
    /// There is no chromedriver or no Chromium, with what to do about it.
    pub fn open(window: Window) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let program = find(&["chromedriver"], "MAINSTAY_CHROMEDRIVER");
        let mut command = Command::new(&program);
        // It finds a port itself: one that we had found somebody else might have taken meanwhile.
        command.arg("--port=0").stdout(Stdio::piped()).stderr(Stdio::null());
        if let Some(libraries) = libraries(&program) {
            command.env("LD_LIBRARY_PATH", libraries);
        }
        let mut driver =
            command.spawn().unwrap_or_else(|error| panic!("{} does not start: {error}", program.display()));
        let port = port_of(&mut driver);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let profile = env::temp_dir().join(format!("mainstay-ops-{}-{number}", std::process::id()));
        let mut browser = Self { driver, port, session: String::new(), profile };
        browser.begin(window);
        browser
    }

    fn begin(&mut self, window: Window) {
        let end = Instant::now() + Duration::from_secs(60);
        while self.send("GET", "/status", &Value::Null).is_err() {
            assert!(Instant::now() < end, "chromedriver does not answer");
            std::thread::sleep(Duration::from_millis(20));
        }
        let args = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--hide-scrollbars",
            "--disable-dev-shm-usage",
        ];
        let mut args: Vec<String> = args.iter().map(ToString::to_string).collect();
        args.push(format!("--user-data-dir={}", self.profile.display()));
        args.push(format!("--window-size={},{}", window.width, window.height));
        let binary = find(&["chromium", "chromium-browser", "google-chrome"], "MAINSTAY_CHROMIUM");
        let options = json!({ "args": args, "binary": binary });
        let wanted = json!({ "browserName": "chrome", "goog:chromeOptions": options, "goog:loggingPrefs": { "browser": "ALL" } });
        let begun = self.send("POST", "/session", &json!({ "capabilities": { "alwaysMatch": wanted } }));
        let begun = begun.unwrap_or_else(|error| panic!("Chromium does not start: {error}\n{REMEDY}"));
        self.session = format!("/session/{}", begun["sessionId"].as_str().unwrap());
        let mobile = window.width < 700;
        let size = json!({ "width": window.width, "height": window.height, "deviceScaleFactor": window.scale, "mobile": mobile });
        self.tool("Emulation.setDeviceMetricsOverride", &size);
        let scheme = if window.dark { "dark" } else { "light" };
        self.tool(
            "Emulation.setEmulatedMedia",
            &json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }, { "name": "prefers-reduced-motion", "value": "reduce" }] }),
        );
    }

    pub fn go(&self, address: &str) {
        self.command("POST", "/url", &json!({ "url": address }));
    }

    /// What a script gives: the body of a function.
    pub fn js(&self, script: &str) -> Value {
        self.command("POST", "/execute/sync", &json!({ "script": script, "args": [] }))
    }

    /// Waits until a script gives true.
    pub fn until(&self, script: &str) {
        let end = Instant::now() + Duration::from_secs(60);
        while self.js(script) != Value::Bool(true) {
            assert!(Instant::now() < end, "never: {script}\nlog: {:?}", self.log());
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Presses keys, as WebDriver spells them.
    pub fn keys(&self, keys: &str) {
        let actions: Vec<Value> = keys
            .chars()
            .flat_map(|key| {
                [
                    json!({ "type": "keyDown", "value": key.to_string() }),
                    json!({ "type": "keyUp", "value": key.to_string() }),
                ]
            })
            .collect();
        self.command(
            "POST",
            "/actions",
            &json!({ "actions": [{ "type": "key", "id": "keys", "actions": actions }] }),
        );
    }

    /// A picture of the window, kept in `target/pictures`.
    pub fn photograph(&self, name: &str) -> Vec<u8> {
        let picture = self.command("GET", "/screenshot", &Value::Null);
        let picture = STANDARD.decode(picture.as_str().unwrap()).unwrap();
        let folder = target().join("pictures");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(format!("{name}.png")), &picture).unwrap();
        picture
    }

    /// What the page's console and the network have to complain of.
    pub fn log(&self) -> Vec<String> {
        let log = self.command("POST", "/se/log", &json!({ "type": "browser" }));
        log.as_array()
            .unwrap()
            .iter()
            .map(|entry| format!("{} {}", entry["level"], entry["message"]))
            .collect()
    }

    pub fn tool(&self, name: &str, parameters: &Value) -> Value {
        self.command("POST", "/goog/cdp/execute", &json!({ "cmd": name, "params": parameters }))
    }

    fn command(&self, method: &str, path: &str, body: &Value) -> Value {
        let told = self.send(method, &format!("{}{path}", self.session), body);
        told.unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    fn send(&self, method: &str, path: &str, body: &Value) -> Result<Value, String> {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).map_err(|error| error.to_string())?;
        stream.set_read_timeout(Some(Duration::from_secs(120))).unwrap();
        let head =
            format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n\r\n", body.len());
        stream.write_all(format!("{head}{body}").as_bytes()).map_err(|error| error.to_string())?;
        let mut reader = BufReader::new(stream);
        let (mut length, mut line) = (0, String::new());
        let mut status = String::new();
        while reader.read_line(&mut line).map_err(|error| error.to_string())? > 2 {
            if status.is_empty() {
                status.clone_from(&line);
            }
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
            line.clear();
        }
        let mut answer = vec![0; length];
        reader.read_exact(&mut answer).map_err(|error| error.to_string())?;
        let answer: Value = serde_json::from_slice(&answer).map_err(|error| error.to_string())?;
        if status.contains(" 200") {
            Ok(answer["value"].clone())
        } else {
            Err(answer["value"]["message"].to_string())
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if !self.session.is_empty() {
            let _ = self.send("DELETE", &self.session, &Value::Null);
        }
        let _ = self.driver.kill();
        let _ = self.driver.wait();
        let _ = fs::remove_dir_all(&self.profile);
    }
}

/// The port that a driver says it listens on.
fn port_of(driver: &mut Child) -> u16 {
    let mut said = BufReader::new(driver.stdout.take().unwrap());
    let mut line = String::new();
    let port = loop {
        line.clear();
        assert_ne!(said.read_line(&mut line).unwrap(), 0, "chromedriver ended before it listened");
        let told = line.trim().trim_end_matches('.').rsplit_once("started successfully on port ");
        if let Some((_, port)) = told {
            break port.parse().unwrap();
        }
    };
    // What else it says nobody wants, and it must not wait until somebody does.
    std::thread::spawn(move || std::io::copy(&mut said, &mut std::io::sink()));
    port
}

const REMEDY: &str = "run `.ci/servers`, which gets Chromium and its driver, or, on Debian: apt-get install chromium chromium-driver";

fn target() -> PathBuf {
    let default = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target");
    env::var_os("CARGO_TARGET_DIR").map_or_else(default, PathBuf::from)
}

fn unpacked() -> PathBuf {
    let default = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/servers");
    env::var_os("MAINSTAY_SERVERS").map_or_else(default, PathBuf::from)
}

/// The program that a variable names, or one on `PATH`, or one that `.ci/servers` unpacked.
fn find(names: &[&str], named_by: &str) -> PathBuf {
    if let Some(path) = env::var_os(named_by).map(PathBuf::from) {
        assert!(path.is_file(), "{named_by} is {}, where no file is", path.display());
        return path;
    }
    let path = env::var_os("PATH").unwrap_or_default();
    // The wrapper in `usr/bin` looks for the rest where the package would be installed.
    let folders =
        env::split_paths(&path).chain(["usr/lib/chromium", "usr/bin"].map(|folder| unpacked().join(folder)));
    let found = folders
        .flat_map(|folder| names.iter().map(move |name| folder.join(name)))
        .find(|path| path.is_file());
    found.unwrap_or_else(|| {
        panic!("no {} on PATH or in {}; {REMEDY}", names.join(" or "), unpacked().display())
    })
}

fn libraries(program: &Path) -> Option<std::ffi::OsString> {
    if !program.starts_with(unpacked()) {
        return None;
    }
    let lib = unpacked().join("usr/lib");
    let inner = fs::read_dir(&lib).ok()?.flatten().map(|entry| entry.path());
    let inner: Vec<PathBuf> =
        inner.filter(|path| path.to_string_lossy().ends_with("-linux-gnu")).chain([lib.clone()]).collect();
    env::join_paths(inner).ok()
}
