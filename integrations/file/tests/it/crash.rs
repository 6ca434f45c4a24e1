//! A child process is killed with SIGKILL between any two steps, or within one; what it was told is then true of the file.

use std::{
    collections::BTreeMap,
    env,
    io::{BufRead, BufReader, Write},
    process::{Command, Stdio},
    time::Duration,
};

use mainstay_file::FileStore;
use mainstay_runtime::{
    idempotent::{IdempotencyStore, Reserved, Token},
    store::block_on,
};

use crate::common::{Place, TTL, claim, claimed};

const PATH: &str = "MAINSTAY_FILE_OF_CHILD";

/// Claims and completes key after key and says so, after it was told so.
#[test]
#[ignore = "the other tests here run it in a process of its own"]
fn child() {
    let Some(path) = env::var_os(PATH) else { return };
    let store = FileStore::open(path).unwrap();
    let say = |line: String| {
        let mut out = std::io::stdout().lock();
        writeln!(out, "{line}").unwrap();
        out.flush().unwrap();
    };
    for n in 0.. {
        let key = format!("{}-{n}", std::process::id());
        let token = block_on(claimed(&store, claim(&key))).unwrap();
        say(format!("claimed {key} {}", token.0));
        let record = format!("record of {key}");
        assert!(block_on(store.complete(&key, token, record.as_bytes(), TTL)).unwrap().unwrap());
        say(format!("completed {key} {}", token.0));
    }
}

#[test]
fn what_was_acknowledged_before_a_sigkill_is_in_the_file() {
    let place = Place::new();
    drop(FileStore::open(place.path()).unwrap());
    let mut expected = BTreeMap::new();
    for lines in [1, 2, 3, 10, 25, 60] {
        let mut child = Command::new(env::current_exe().unwrap())
            .args(["--exact", "crash::child", "--ignored", "--nocapture"])
            .env(PATH, place.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut said = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut heard = 0;
        let mut hear = |line: String| {
            // The test harness puts the first line behind its own.
            let words = line.split(' ').rev().collect::<Vec<_>>();
            if let [token, key, what, ..] = words[..]
                && (what == "completed" || what.ends_with("claimed"))
            {
                expected.insert(key.to_owned(), (what == "completed", token.parse::<u64>().unwrap()));
                return true;
            }
            false
        };
        while heard < lines {
            heard += u32::from(hear(said.next().unwrap().unwrap()));
        }
        child.kill().unwrap();
        said.map_while(Result::ok).for_each(|line| _ = hear(line));
        child.wait().unwrap();

        let store = FileStore::open(place.path()).unwrap();
        for (key, (completed, token)) in &expected {
            let found = block_on(store.reserve(claim(key))).unwrap().unwrap();
            match found {
                Reserved::Completed { record } => assert_eq!(record, format!("record of {key}").as_bytes()),
                Reserved::InFlight { token: of, .. } => assert!(!completed && of == Token(*token), "{key}"),
                other => panic!("{key} was acknowledged, and is {other:?}"),
            }
        }
        let last = expected.values().map(|(_, token)| *token).max().unwrap();
        let fresh = block_on(claimed(&store, claim(&format!("after {lines}")))).unwrap();
        assert!(fresh.0 > last, "tokens rise over a crash");
    }
}

#[test]
fn another_process_that_has_the_file_open_is_told() {
    let place = Place::new();
    let mut child = Command::new(env::current_exe().unwrap())
        .args(["--exact", "crash::child", "--ignored", "--nocapture"])
        .env(PATH, place.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(child.stdout.take().unwrap()).lines();
    while !said.next().unwrap().unwrap().contains("claimed") {}
    let error = FileStore::open(place.path()).unwrap_err();
    assert!(error.problem().contains("open already, in another process"), "{error}");
    child.kill().unwrap();
    child.wait().unwrap();
    FileStore::open(place.path()).unwrap();
}

/// A disk without room is played by a limit on the size of files, which can be lifted from outside.
#[cfg(target_os = "linux")]
#[test]
#[ignore = "the test below runs it in a process of its own"]
fn child_without_room() {
    let Some(path) = env::var_os(PATH) else { return };
    let store = FileStore::open(path).unwrap();
    let limit = |size: &str| {
        let id = std::process::id().to_string();
        let status =
            Command::new("prlimit").args(["--pid", &id, &format!("--fsize={size}:unlimited")]).status();
        assert!(status.unwrap().success());
    };
    let write = |key: &str| {
        block_on(async {
            let token = match store.reserve(claim(key)).await? {
                Reserved::Claimed { token, .. } => token,
                other => panic!("{other:?}"),
            };
            store.complete(key, token, &[7; 200_000], Duration::from_secs(60)).await
        })
        .unwrap()
    };
    assert!(write("before").unwrap());
    limit("2000000");
    let error = (0..1000).find_map(|n| write(&format!("key-{n}")).err()).unwrap();
    limit("unlimited");
    println!("told: {:?} {error}", error.kind());
    assert!(write("after").unwrap());
    let kept = block_on(store.reserve(claim("before"))).unwrap().unwrap();
    assert_eq!(kept, Reserved::Completed { record: vec![7; 200_000] });
    println!("all is well");
}

#[cfg(target_os = "linux")]
#[test]
fn a_store_goes_on_by_itself_when_there_is_room_again() {
    let place = Place::new();
    // The signal for a file that is too large would kill; ignored, the write fails.
    let output = Command::new("sh")
        .args(["-c", r#"trap '' XFSZ; exec "$0" --exact crash::child_without_room --ignored --nocapture"#])
        .arg(env::current_exe().unwrap())
        .env(PATH, place.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("told: Full ") && said.contains("free some on the disk"), "{output:?}");
    assert!(said.contains("all is well"), "{output:?}");
}
