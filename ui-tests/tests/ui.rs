//! What the compiler says when an attribute is misused, and that it says nothing when it is not.
//!
//! After a change of a message: `TRYBUILD=overwrite cargo test -p mainstay-ui-tests`, and read each changed `.stderr` as
//! the person who gets it.

#[test]
fn misuse_is_explained_on_the_users_token() {
    trybuild::TestCases::new().compile_fail("cases/*/fail/*.rs");
}

#[test]
fn every_right_use_compiles_without_a_warning() {
    trybuild::TestCases::new().pass("cases/*/pass/*.rs");
}
