use std::{fs, path::Path};

use mainstay_logging::{LogFile, Logging, LoggingError};

use crate::support::{quiet, under};

fn all(folder: &Path) -> String {
    fs::read_dir(folder).unwrap().map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap()).collect()
}

#[test]
fn a_service_has_its_file_in_the_folder_of_logs() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("logs");
    let logging =
        Logging::service("prophet/../api").no_console().variables([("APP_ENV", "production")]).log_dir(&path);
    under(logging, |_| tracing::info!("ready"));
    let text = fs::read_to_string(path.join("prophet____api.log")).unwrap();
    assert!(text.starts_with("{\"timestamp\":") && text.contains("\"environment\":\"production\""), "{text}");
}

#[test]
fn variables_name_the_folder_of_logs() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    under(Logging::service("prophet").no_console().variables([("PROPHET_LOG_DIR", path)]), |_| {
        tracing::info!("ready")
    });
    assert!(fs::read_to_string(folder.path().join("prophet.log")).unwrap().contains(" INFO ready"));
}

#[test]
fn a_file_that_cannot_be_written_is_an_error_that_names_it() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("file"), "").unwrap();
    let file = LogFile::new(folder.path().join("file/a.log"));
    let error = quiet().file(file).layer::<tracing_subscriber::Registry>().map(drop).unwrap_err();
    assert!(matches!(&error, LoggingError::File { path, .. } if path.ends_with("file/a.log")));
    assert!(error.to_string().contains("make its folder writable"), "{error}");
}

#[test]
fn a_file_that_gives_way_under_load_loses_no_line_and_cuts_none() {
    let folder = tempfile::tempdir().unwrap();
    let file = LogFile::new(folder.path().join("a.log")).max_bytes(20_000).keep_all();
    under(quiet().json().file(file).capacity(8 << 10).wait_when_full(), |_| {
        let dispatch = tracing::dispatcher::get_default(Clone::clone);
        std::thread::scope(|scope| {
            for thread in 0..4 {
                let dispatch = dispatch.clone();
                scope.spawn(move || {
                    tracing::dispatcher::with_default(&dispatch, || {
                        (0..2_000).for_each(|n| tracing::info!(thread, n, "line"))
                    });
                });
            }
        });
    });
    let mut seen: Vec<(u64, u64)> = all(folder.path())
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .map(|line| (line["thread"].as_u64().unwrap(), line["n"].as_u64().unwrap()))
        .collect();
    seen.sort_unstable();
    let expected: Vec<_> = (0..4).flat_map(|thread| (0..2_000).map(move |n| (thread, n))).collect();
    assert_eq!(seen, expected);
    let files: Vec<_> =
        fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().metadata().unwrap().len()).collect();
    assert!(files.len() > 50 && files.iter().all(|bytes| *bytes <= 20_000), "{files:?}");
}

#[test]
fn a_file_that_is_removed_while_it_is_written_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("prophet.log");
    under(quiet().log_dir(folder.path()), |logging| {
        tracing::info!("before");
        assert!(logging.flush(crate::support::SOON));
        fs::remove_file(&path).unwrap();
        tracing::info!("after");
    });
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains("after") && !text.contains("before"), "{text}");
}
