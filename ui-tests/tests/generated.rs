//! A few hundred functions that nobody wrote compile, or are refused in our own words, as the book says.
//!
//! Thousands: `cargo run -p mainstay-ui-tests --bin generate -- --count 5000 --seed 7`.

use std::path::Path;

#[test]
fn random_stacks_on_random_functions_are_as_the_book_says() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("generated");
    let report = mainstay_ui_tests::generator::run(1, 0..240, &folder).expect("rustc runs");
    assert!(report.finds.is_empty(), "{}", report.finds.join("\n"));
    assert!(report.discarded.is_empty(), "{}", report.discarded.join("\n"));
    assert!(report.compiled > 120 && report.refused > 20, "{report:?}");
}
