//! `docs/standards.md` says what is true: what it names is there, and it names every test here under the ids that the
//! test itself gives.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

const PAGE: &str = "docs/standards.md";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// An id, its rule, and where it is shown.
struct Row {
    id: String,
    place: String,
}

fn rows() -> Vec<Row> {
    let page = read(PAGE);
    let cells = page.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| id |"));
    cells
        .map(|line| {
            let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
            let [id, rule, place] = cells[..] else { panic!("not three cells: {line}") };
            assert!(is_id(id) && !rule.is_empty() && !place.is_empty(), "{line}");
            Row { id: id.to_owned(), place: place.to_owned() }
        })
        .collect()
}

/// Two capitals, a hyphen, perhaps a letter, and a number.
fn is_id(word: &str) -> bool {
    let Some((kind, number)) = word.split_once('-') else { return false };
    let digits = number.trim_start_matches(|letter: char| letter.is_ascii_alphabetic());
    kind.len() == 2
        && kind.chars().all(|letter| letter.is_ascii_uppercase())
        && number.len() - digits.len() <= 1
        && !digits.is_empty()
        && digits.chars().all(|letter| letter.is_ascii_digit())
}

/// What stands between backticks and is a test or a UI case.
fn named(place: &str) -> impl Iterator<Item = &str> {
    place.split('`').skip(1).step_by(2).filter(|span| span.contains("::") || span.ends_with(".rs"))
}

/// Whether the test, or the UI case, is in the sources.
fn is_there(test: &str) -> bool {
    let Some((place, name)) = test.split_once("::") else { return root().join(test).is_file() };
    let path = match place.ends_with(".rs") {
        true => place.to_owned(),
        false => format!("tests/standards/{place}.rs"),
    };
    tests_of(&path).contains_key(name)
}

/// The tests of a file with the ids that their documentation gives.
fn tests_of(path: &str) -> BTreeMap<String, BTreeSet<String>> {
    let (mut tests, mut ids, mut is_test) = (BTreeMap::new(), BTreeSet::new(), false);
    for line in read(path).lines().map(str::trim) {
        if let Some(doc) = line.strip_prefix("///") {
            let words = doc.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '-');
            ids.extend(words.filter(|word| is_id(word)).map(str::to_owned));
        } else if line.starts_with("#[test]") || line.starts_with("#[tokio::test") {
            is_test = true;
        } else if !line.starts_with('#') {
            let name = line.split_once("fn ").and_then(|(_, rest)| rest.split_once('('));
            if let (true, Some((name, _))) = (is_test, name) {
                tests.insert(name.to_owned(), ids.clone());
            }
            (ids, is_test) = (BTreeSet::new(), false);
        }
    }
    tests
}

#[test]
fn every_row_says_where_it_is_shown_or_why_not() {
    let mut ids = BTreeSet::new();
    for Row { id, place } in rows() {
        assert!(ids.insert(id.clone()), "{id} stands twice");
        let has_test = named(&place).next().is_some();
        for test in named(&place) {
            assert!(is_there(test), "{id} names `{test}`, which is not there");
        }
        if let Some((_, decision)) = place.split_once("differs: ") {
            let file = decision.split(['(', ')']).nth(1).unwrap_or_default();
            assert!(root().join("docs").join(file).is_file(), "{id} differs by no decision: {place}");
            assert!(has_test, "{id} differs, and no test shows how");
        }
        let reason = |word: &str| place.split_once(word).is_some_and(|(_, reason)| reason.len() > 10);
        let issue = |issue: &str| issue.starts_with(|letter: char| letter.is_ascii_digit());
        let is_open = place.split_once("open: issue ").is_some_and(|(_, number)| issue(number));
        assert!(has_test || is_open || reason("not ours: "), "{id} is neither shown nor explained: {place}");
    }
    assert!(ids.len() > 200, "only {} rules were read", ids.len());
}

#[test]
fn the_tests_here_and_the_page_agree_on_the_ids() {
    let mut shown = BTreeMap::<String, BTreeSet<String>>::new();
    for Row { id, place } in rows() {
        for test in named(&place) {
            shown.entry(test.to_owned()).or_default().insert(id.clone());
        }
    }
    for file in fs::read_dir(root().join("tests/standards")).unwrap() {
        let path = file.unwrap().path();
        let module = path.file_stem().unwrap().to_str().unwrap().to_owned();
        if module == "page" {
            continue;
        }
        for (test, ids) in tests_of(&format!("tests/standards/{module}.rs")) {
            let on_page = shown.remove(&format!("{module}::{test}")).unwrap_or_default();
            assert!(!ids.is_empty(), "{module}::{test} gives no id");
            assert_eq!(ids, on_page, "what {module}::{test} gives, and what {PAGE} says of it");
        }
    }
}

#[test]
fn a_test_that_is_not_there_is_missed() {
    assert!(is_there("page::a_test_that_is_not_there_is_missed"));
    assert!(!is_there("page::a_test_that_is_there") && !is_there("page::is_there"));
    assert!(is_there("tests/standards/page.rs::a_test_that_is_not_there_is_missed"));
    assert!(!is_there("ui-tests/cases/retry/fail/no_such_case.rs"));
}
