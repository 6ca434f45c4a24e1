use std::{
    cell::Cell,
    fs, io,
    path::Path,
    sync::{Arc, Barrier, Mutex, mpsc},
    time::{Duration, Instant, SystemTime},
};

use super::*;

thread_local! {
    static NOW: Cell<u64> = const { Cell::new(1_795_219_200) };
}

/// Tests move their own time, in seconds.
fn now() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(NOW.get())
}

fn write(file: &mut RotatingFile, lines: &[&str]) {
    let mut all = Lines::default();
    lines.iter().for_each(|line| all.push(line));
    file.write(&all).unwrap();
}

/// The contents of all files, the oldest first and the current one last.
fn contents(path: &Path) -> Vec<String> {
    let mut files: Vec<_> = names::old_files(path);
    files.push(path.to_owned());
    files.iter().map(|file| fs::read_to_string(file).unwrap()).collect()
}

#[test]
fn a_file_gives_way_before_it_is_too_long_and_lines_stay_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deep/er/a.log");
    let config = LogFile::new(&path).max_bytes(10);
    let mut file = RotatingFile::with_clock(config.clone(), now).unwrap();
    write(&mut file, &["1234\n", "5678\n", "9\n", "a line beyond all measure\n", "b\n"]);
    assert_eq!(contents(&path), ["1234\n5678\n", "9\n", "a line beyond all measure\n", "b\n"]);
    drop(file);
    // What is there counts when it is opened again, on the same day.
    fs::File::options().write(true).open(&path).unwrap().set_modified(now()).unwrap();
    let mut file = RotatingFile::with_clock(config, now).unwrap();
    write(&mut file, &["123456\n", "789\n"]);
    assert_eq!(contents(&path)[3..], ["b\n123456\n", "789\n"]);
}

#[test]
fn a_file_gives_way_when_its_hour_or_day_is_over() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.log");
    let mut file = RotatingFile::with_clock(LogFile::new(&path).every(Every::Hour), now).unwrap();
    for (minutes, line) in [(0, "0\n"), (59, "59\n"), (60, "60\n"), (61, "61\n"), (300, "300\n")] {
        NOW.set(1_795_219_200 + 60 * minutes);
        write(&mut file, &[line]);
    }
    assert_eq!(contents(&path), ["0\n59\n", "60\n61\n", "300\n"]);
    assert_eq!(Every::Day.period(now()), 1_795_219_200 / 86_400);
}

#[test]
fn a_file_of_yesterday_gives_way_when_it_is_opened_today() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.log");
    fs::write(&path, "old\n").unwrap();
    let written = fs::metadata(&path).unwrap().modified().unwrap();
    NOW.set(written.duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs() + 86_400);
    let mut file = RotatingFile::with_clock(LogFile::new(&path), now).unwrap();
    write(&mut file, &["new\n"]);
    assert_eq!(contents(&path), ["old\n", "new\n"]);
}

#[test]
fn so_many_old_files_are_kept_and_nothing_else_is_touched() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.log");
    let others = [
        "a.txt",
        "a.2026.log",
        "a.20261121T144229.123Z.log.gz",
        "ab.20261121T144229.123Z.log",
        "a.20261121T144229.123Zx.log",
    ];
    for other in others {
        fs::write(folder.path().join(other), "").unwrap();
    }
    let mut file = RotatingFile::with_clock(LogFile::new(&path).max_bytes(1).keep(3), now).unwrap();
    for n in 0..20 {
        write(&mut file, &[&format!("{n}\n")]);
    }
    assert_eq!(contents(&path), ["16\n", "17\n", "18\n", "19\n"]);
    assert!(others.iter().all(|other| folder.path().join(other).exists()));
    drop(file);
    let _ = RotatingFile::with_clock(LogFile::new(&path).keep(1), now).unwrap();
    assert_eq!(contents(&path), ["18\n", "19\n"]);
}

#[test]
fn old_files_go_when_they_are_too_old() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.log");
    let mut file =
        RotatingFile::with_clock(LogFile::new(&path).max_bytes(1).max_age(Duration::from_secs(3600)), now)
            .unwrap();
    write(&mut file, &["1\n", "2\n"]);
    assert_eq!(contents(&path).len(), 2);
    let written = fs::metadata(&path).unwrap().modified().unwrap();
    NOW.set(written.duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs() + 7200);
    write(&mut file, &["3\n"]);
    assert_eq!(contents(&path), ["3\n"]);
}

#[test]
fn a_file_that_is_removed_or_moved_away_is_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.log");
    let mut file = RotatingFile::with_clock(LogFile::new(&path).never_rotated(), now).unwrap();
    write(&mut file, &["1\n"]);
    fs::rename(&path, folder.path().join("a.log.1")).unwrap();
    write(&mut file, &["2\n"]);
    assert_eq!(contents(&path), ["2\n"]);
    fs::remove_dir_all(folder.path()).unwrap();
    write(&mut file, &["3\n"]);
    assert_eq!(contents(&path), ["3\n"]);
}

#[test]
fn half_a_line_of_a_crash_does_not_swallow_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.log");
    fs::write(&path, "whole\nha").unwrap();
    let mut file = RotatingFile::open(LogFile::new(&path).never_rotated()).unwrap();
    write(&mut file, &["next\n"]);
    assert_eq!(contents(&path), ["whole\nha\nnext\n"]);
}

#[test]
fn two_writers_of_one_file_lose_nothing_when_it_gives_way() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.log");
    let config = LogFile::new(&path).max_bytes(500).keep_all();
    let threads: Vec<_> = (0..4)
        .map(|writer| {
            let mut file = RotatingFile::open(config.clone()).unwrap();
            std::thread::spawn(move || (0..500).for_each(|n| write(&mut file, &[&format!("{writer} {n}\n")])))
        })
        .collect();
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    let all = contents(&path).concat();
    let mut lines: Vec<_> = all.lines().collect();
    lines.sort_unstable();
    lines.dedup();
    assert_eq!((all.lines().count(), lines.len()), (2_000, 2_000));
}

/// A place that waits to be let through, and fails when told to.
struct Gate {
    through: mpsc::Receiver<bool>,
    lines: Arc<Mutex<Vec<String>>>,
}

impl Output for Gate {
    fn write(&mut self, lines: &Lines) -> Result<(), (u64, io::Error)> {
        if self.through.recv().unwrap_or(true) {
            let text = String::from_utf8(lines.bytes.clone()).unwrap();
            self.lines.lock().unwrap().extend(text.lines().map(String::from));
            return Ok(());
        }
        Err((lines.len() as u64, io::Error::other("the disk is full")))
    }
}

fn gated(capacity: usize) -> (Queue, mpsc::Sender<bool>, Arc<Mutex<Vec<String>>>) {
    let (sender, through) = mpsc::channel();
    let lines = Arc::default();
    let gate = Gate { through, lines: Arc::clone(&lines) };
    let queue = Queue::new(Box::new(gate), capacity, |lost| format!("{lost} lost\n"), None);
    (queue, sender, lines)
}

fn soon() -> Instant {
    Instant::now() + Duration::from_secs(60)
}

#[test]
fn what_does_not_fit_is_lost_counted_and_told_and_warnings_fit_longer() {
    let (queue, gate, lines) = gated(80);
    queue.push("first\n", false, Full::Lose);
    while queue.0.lock().taken == 0 {
        std::thread::yield_now();
    }
    for n in 0..10 {
        queue.push(&format!("line {n} ..\n"), false, Full::Lose);
    }
    queue.push("warn\n", true, Full::Lose);
    assert_eq!(queue.lost(), 3);
    drop(gate);
    assert!(queue.close(soon()));
    let expected = [
        "first",
        "3 lost",
        "line 0 ..",
        "line 1 ..",
        "line 2 ..",
        "line 3 ..",
        "line 4 ..",
        "line 5 ..",
        "line 6 ..",
        "warn",
    ];
    assert_eq!(*lines.lock().unwrap(), expected);
    assert_eq!((queue.written(), queue.lost(), queue.waiting()), (9, 3, 0));
}

#[test]
fn who_waits_for_room_loses_nothing() {
    let (queue, gate, lines) = gated(64);
    drop(gate);
    let start = Arc::new(Barrier::new(4));
    let threads: Vec<_> = (0..4)
        .map(|thread| {
            let (queue, start) = (queue.clone(), Arc::clone(&start));
            std::thread::spawn(move || {
                start.wait();
                (0..2_000).for_each(|n| queue.push(&format!("{thread} {n}\n"), false, Full::Wait));
            })
        })
        .collect();
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    assert!(queue.flush(soon()));
    let lines = lines.lock().unwrap();
    assert_eq!((lines.len(), queue.lost()), (8_000, 0));
    for thread in 0..4 {
        let own: Vec<u32> =
            lines.iter().filter_map(|line| line.strip_prefix(&format!("{thread} "))?.parse().ok()).collect();
        assert!(own.is_sorted() && own.len() == 2_000, "a thread's lines keep their order");
    }
}

#[test]
fn a_place_that_fails_is_told_what_it_missed_when_it_works_again() {
    let (queue, gate, lines) = gated(1024);
    queue.push("gone\n", false, Full::Lose);
    gate.send(false).unwrap();
    while queue.lost() == 0 {
        std::thread::yield_now();
    }
    drop(gate);
    queue.push("next\n", false, Full::Lose);
    assert!(queue.flush(soon()));
    assert_eq!(*lines.lock().unwrap(), ["1 lost", "next"]);
}

#[test]
fn a_place_that_is_stuck_is_given_up_at_the_deadline() {
    let (queue, gate, _) = gated(1024);
    queue.push("stuck\n", false, Full::Lose);
    assert!(!queue.flush(Instant::now()));
    assert!(!queue.close(Instant::now()));
    assert_eq!(queue.waiting(), 1);
    drop(gate);
}

#[test]
fn lines_that_come_after_the_end_are_written_at_once() {
    let (queue, gate, lines) = gated(1024);
    drop(gate);
    queue.push("before\n", false, Full::Lose);
    assert!(queue.close(soon()));
    queue.push("after\n", false, Full::Lose);
    assert_eq!(*lines.lock().unwrap(), ["before", "after"]);
    assert!(queue.flush(Instant::now()));
}
