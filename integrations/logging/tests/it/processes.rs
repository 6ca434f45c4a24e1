use std::{
    fs,
    path::Path,
    process::{Command, Output, Stdio},
};

use serde_json::Value;

fn victim(arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_logging-victim"));
    command.args(arguments).env_clear().envs(variables.iter().copied()).stdin(Stdio::null()).output().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn json(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn in_development_lines_are_read_by_people_and_a_pipe_gets_no_colours() {
    let output = victim(&["setup"], &[]);
    let text = stdout(&output);
    let lines: Vec<_> = text.lines().map(|line| line.split_at(13).1).collect();
    let expected = [
        " INFO info  order=7  (logging_victim)",
        "ERROR error  (logging_victim)",
        " WARN through log  (hyper::proto)",
        " INFO after the end  (logging_victim)",
    ];
    assert_eq!(lines, expected, "{text}");
    assert!(output.stderr.is_empty() && output.status.success());
}

#[test]
#[cfg(feature = "local-time")]
fn readable_lines_have_the_time_of_the_machines_zone_where_that_is_asked_for() {
    let minutes = |time: &str| -> i32 {
        let number = |part: &str| part.parse::<i32>().unwrap();
        number(&time[..2]) * 60 + number(&time[3..5])
    };
    // Zones without a file: five hours and a half before UTC, and one behind it.
    for (zone, ahead) in [("<+0530>-5:30", 330_i32), ("<-01>1", -60), ("UTC0", 0)] {
        let text = stdout(&victim(&["local"], &[("TZ", zone)]));
        // The same line in both formats, by threads of their own.
        let (json, pretty): (Vec<_>, Vec<_>) = text.lines().partition(|line| line.starts_with('{'));
        let utc =
            serde_json::from_str::<Value>(json[0]).unwrap()["timestamp"].as_str().unwrap()[11..].to_owned();
        let moved = minutes(pretty[0]) - minutes(&utc);
        assert_eq!(moved.rem_euclid(1440), ahead.rem_euclid(1440), "{zone}: {text}");
    }
}

#[test]
fn colours_are_forced_and_forbidden_by_the_usual_variables() {
    let coloured = |variables: &[(&str, &str)]| stdout(&victim(&["setup"], variables)).contains("\u{1b}[");
    assert!(coloured(&[("CLICOLOR_FORCE", "1")]) && coloured(&[("FORCE_COLOR", "1")]));
    assert!(!coloured(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
    assert!(!coloured(&[("FORCE_COLOR", "0")]) && !coloured(&[("APP_ENV", "prod"), ("FORCE_COLOR", "1")]));
}

#[test]
fn in_production_and_staging_lines_are_json() {
    for (variable, name, expected) in [
        ("APP_ENV", "prod", "production"),
        ("APP_ENV", "PRODUCTION", "production"),
        ("ENVIRONMENT", "production", "production"),
        ("APP_ENV", "staging", "staging"),
    ] {
        let lines = json(&stdout(&victim(&["setup"], &[(variable, name)])));
        assert_eq!(lines.len(), 4);
        assert_eq!((&lines[0]["environment"], &lines[0]["service"]), (&expected.into(), &"prophet".into()));
        assert_eq!(
            (&lines[2]["target"], &lines[2]["message"]),
            (&"hyper::proto".into(), &"through log".into())
        );
    }
}

#[test]
fn variables_set_the_level_and_a_wrong_one_is_the_first_line() {
    let debugs = |variables: &[(&str, &str)]| stdout(&victim(&["setup"], variables)).contains("DEBUG debug");
    assert!(!debugs(&[]) && debugs(&[("LOG_LEVEL", "debug")]));
    assert!(!debugs(&[("LOG_LEVEL", "debug"), ("PROPHET_LOG_LEVEL", "INFO")]));
    let text = stdout(&victim(&["setup"], &[("PROPHET_LOG_LEVEL", "verbos")]));
    let first = text.lines().next().unwrap();
    assert!(
        first.contains("`PROPHET_LOG_LEVEL` is \"verbos\"") && first.contains("from `info` on instead"),
        "{text}"
    );
}

#[test]
fn the_standard_error_is_a_place_too() {
    let output = victim(&["stderr"], &[]);
    assert!(output.stdout.is_empty() && String::from_utf8(output.stderr).unwrap().contains(" INFO info"));
}

fn in_folder(what: &str) -> (Output, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.log");
    let output = victim(&[what, path.to_str().unwrap()], &[("APP_ENV", "prod")]);
    (output, fs::read_to_string(path).unwrap())
}

#[test]
fn nothing_is_lost_at_the_end_however_it_comes() {
    let (output, text) = in_folder("many");
    assert_eq!((text.lines().count(), stdout(&output).lines().count()), (100_000, 100_000));
    let (output, text) = in_folder("exit");
    assert_eq!((text.lines().count(), output.status.code()), (1_000, Some(3)));
    let (output, text) = in_folder("panic");
    assert!(!output.status.success() && text.contains("\"before\""), "{text}");
}

#[test]
fn a_reader_that_goes_away_ends_neither_the_program_nor_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.log");
    let mut command = Command::new(env!("CARGO_BIN_EXE_logging-victim"));
    let mut child = command
        .env_clear()
        .args(["many", path.to_str().unwrap()])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    assert_eq!(fs::read_to_string(path).unwrap().lines().count(), 100_000);
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("log lines were not written") && told.lines().count() == 1, "{told}");
}

#[test]
fn a_value_that_logs_while_it_is_written_is_heard_and_comes_to_an_end() {
    let lines = json(&stdout(&victim(&["nested"], &[])));
    let messages: Vec<_> = lines.iter().filter_map(|line| line["message"].as_str()).collect();
    let outer = messages.iter().position(|message| *message == "outer").unwrap();
    assert!(
        (1..10).contains(&outer) && messages[..outer].iter().all(|message| *message == "inner"),
        "{messages:?}"
    );
    assert_eq!((&lines[outer]["value"], messages.last()), (&"said".into(), Some(&"in a span")));
}

#[test]
fn a_logger_sets_logging_up_where_there_is_none() {
    let text = stdout(&victim(&["logger"], &[]));
    assert!(text.contains(" INFO info") && !text.contains("debug"), "{text}");
    let text = stdout(&victim(&["logger"], &[("YOUR_SERVICE_LOG_LEVEL", "debug")]));
    assert!(text.contains("DEBUG debug") && text.contains("other debug"), "{text}");
    assert!(stdout(&victim(&["foreign"], &[])).contains("add `Logging::layer` to it"));
}

#[test]
fn the_verbosity_says_what_a_reporter_shows_and_its_file_has_everything() {
    let shown = |verbose: &str, variables: &[(&str, &str)]| {
        let folder = tempfile::tempdir().unwrap();
        let output = victim(&[verbose, folder.path().to_str().unwrap()], variables);
        let file = fs::read_to_string(Path::join(folder.path(), "prophet.log")).unwrap();
        assert_eq!(file.lines().count(), 5, "{file}");
        stdout(&output).lines().count()
    };
    assert_eq!(
        [shown("0", &[]), shown("1", &[]), shown("2", &[]), shown("3", &[]), shown("9", &[])],
        [1, 4, 5, 6, 6]
    );
    assert_eq!(shown("1", &[("APP_ENV", "prod")]), 4);
}
