//! A program whose annotated functions do not fit together: it is told at its start.
#![allow(missing_docs)]

use mainstay::{
    on_shutdown,
    shutdown::{GracefulShutdown, ShutdownConfig},
};

fn flush() {}

#[on_shutdown(after = flush)]
fn close() {}

mod other {
    #[super::on_shutdown(phase = flush)]
    pub(super) fn flush() {}
}

#[test]
fn a_function_that_is_no_handler_is_named_with_its_place_and_those_that_are() {
    let error = GracefulShutdown::new(ShutdownConfig::new()).unwrap_err().to_string();
    assert_eq!(
        error,
        "tests/shutdown_after/main.rs:11: the shutdown handler `shutdown_after::close` comes after `shutdown_after::flush`, which \
         is none: did you mean `shutdown_after::other::flush`? There are: `shutdown_after::other::flush`"
    );
    other::flush();
    close();
    flush();
}
