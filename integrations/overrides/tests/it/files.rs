use std::fs;

use mainstay_overrides::{Toml, Yaml};

use crate::{entries, told};

#[test]
fn a_file_that_is_not_there_is_an_error_unless_it_is_optional() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("policies.yaml");
    let problems = told(&Yaml::file(&path));
    assert!(
        problems[0].ends_with("policies.yaml: it is not there; write it, or make it `optional`"),
        "{problems:?}"
    );
    assert_eq!(entries(&Yaml::file(&path).optional()), []);
    // What cannot be read is an error even so.
    let problems = told(&Yaml::file(folder.path()).optional());
    assert!(problems[0].contains("it cannot be read: "), "{problems:?}");
}

#[test]
fn what_is_no_text_or_too_large_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("policies.toml");
    fs::write(&path, b"enabled = true\n# \xff\n").unwrap();
    let problems = told(&Toml::file(&path));
    assert!(problems[0].ends_with("policies.toml:2: it is no UTF-8; save it as UTF-8"), "{problems:?}");
    fs::write(&path, vec![b'#'; (1 << 20) + 1]).unwrap();
    let problems = told(&Toml::file(&path));
    assert!(problems[0].contains("larger than a mebibyte"), "{problems:?}");
    fs::write(&path, vec![b'#'; 1 << 20]).unwrap();
    assert_eq!(entries(&Toml::file(&path)), []);
}

#[test]
fn windows_line_ends_are_line_ends() {
    let yaml = Yaml::text("p.yaml", "enabled: true\r\nkinds:\r\n  retry: 5\r\n");
    assert!(told(&yaml)[0].starts_with("p.yaml:3: "), "{:?}", told(&yaml));
    let toml = Toml::text("p.toml", "enabled = true\r\n[kinds]\r\nretry = 5\r\n");
    assert!(told(&toml)[0].starts_with("p.toml:3: "), "{:?}", told(&toml));
}
