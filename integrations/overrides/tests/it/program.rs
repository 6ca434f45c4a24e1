//! A file and a program: loaded, changed, swapped as Kubernetes does it, spoilt.

use std::{fs, path::Path, sync::mpsc, time::Duration};

use mainstay_overrides::Yaml;
use mainstay_runtime::{
    bulkhead::BulkheadConfig,
    observe::{self, Event},
    overrides::{overrides, reload, status},
    registry::policies,
};

fn limits(limit: &str) -> String {
    format!("policies:\n  payments:\n    bulkhead: {{ limit: {limit} }}\n")
}

/// Puts a new version in place as the kubelet does: a new folder, and the link `..data` moved over to it at once.
fn publish(volume: &Path, version: &str, text: &str) {
    let folder = volume.join(version);
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("policies.yaml"), text).unwrap();
    std::os::unix::fs::symlink(version, volume.join("..new")).unwrap();
    fs::rename(volume.join("..new"), volume.join("..data")).unwrap();
}

#[test]
fn a_file_is_followed_while_the_program_runs_and_the_last_good_is_kept() {
    let bulkhead = BulkheadConfig::new(10).register("payments").unwrap();
    let (tell, told) = mpsc::channel();
    let _listening = observe::listen(move |event| {
        if let Event::Overridden { policy, option, old, new, origin, .. } = event {
            let _ =
                tell.send(format!("{policy} {option} {old} {new} {}", origin.rsplit('/').next().unwrap()));
        }
    });
    let volume = tempfile::tempdir().unwrap();
    let path = volume.path().join("policies.yaml");
    publish(volume.path(), "..1", &limits("3"));
    std::os::unix::fs::symlink("..data/policies.yaml", &path).unwrap();

    let report = overrides().source(Yaml::file(&path)).watch(Duration::from_millis(20)).load().unwrap();
    assert_eq!(report.changes().len(), 1);
    assert_eq!(bulkhead.limit(), 3);
    assert_eq!(told.recv().unwrap(), "payments limit 10 3 policies.yaml:3");

    publish(volume.path(), "..2", &limits("4"));
    assert_eq!(told.recv().unwrap(), "payments limit 3 4 policies.yaml:3");
    assert_eq!(bulkhead.limit(), 4);

    // A version that cannot be followed changes nothing, and is told of.
    publish(volume.path(), "..3", &limits("none of your business"));
    while status().refused.is_none() {
        std::thread::yield_now();
    }
    let (_, error) = status().refused.unwrap();
    assert!(
        error.to_string().contains("policies.yaml:3: policies.payments.bulkhead.limit: `none of"),
        "{error}"
    );
    assert!(reload().is_err());
    assert_eq!(bulkhead.limit(), 4);

    publish(volume.path(), "..4", &limits("5"));
    assert_eq!(told.recv().unwrap(), "payments limit 4 5 policies.yaml:3");
    let explained = policies().explain();
    let limit = explained.find("bulkhead", "payments").unwrap().option("limit").unwrap();
    assert_eq!((limit.value.as_str(), limit.origin.level()), ("5", "name"));
    assert!(limit.origin.place().unwrap().ends_with("policies.yaml:3"));

    // What the file says no more is the code's again; nobody watches any longer.
    overrides().load().unwrap();
    assert_eq!(bulkhead.limit(), 10);
    assert_eq!(told.recv().unwrap(), "payments limit 5 10 code");
}
