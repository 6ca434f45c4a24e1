//! Programs without a subscriber say on stderr why they fail.

use crate::child::Program;

#[test]
fn without_a_subscriber_a_clean_shutdown_prints_nothing() {
    let mut program = Program::start_unheard("usual");
    program.signal("TERM");
    assert_eq!((program.end(), program.complaints().contains("mainstay:")), (Some(0), false));
}

#[test]
fn without_a_subscriber_a_handler_that_fails_hangs_or_panics_is_told_on_stderr() {
    for (name, code, reason, last) in [
        ("failing", 1, "fails_at_times` failed after", "exit code 1"),
        ("panicking", 1, "panicked after", "exit code 1"),
        (
            "hanging",
            124,
            "the shutdown handler `the consumers` took longer than 2s: cancelled",
            "did not end: the consumers",
        ),
    ] {
        let mut program = Program::start_unheard(name);
        program.signal("TERM");
        assert_eq!(program.end(), Some(code), "{:#?}", program.said);
        let text = program.complaints();
        assert!(text.contains(reason) && text.contains("annotated.rs:"), "{text}");
        assert!(
            text.lines()
                .last()
                .is_some_and(|line| line.starts_with("mainstay: shut down") && line.contains(last)),
            "{text}"
        );
    }
}

#[test]
fn without_a_subscriber_a_second_signal_says_on_stderr_what_still_ran() {
    let mut program = Program::start_unheard("slow");
    program.signal("TERM");
    program.until("it has begun");
    program.signal("INT");
    assert_eq!(program.end(), Some(130), "{:#?}", program.said);
    let text = program.complaints();
    assert!(
        text.contains("mainstay: a second signal (SIGINT), exiting at once with 130: pre_drain"),
        "{text}"
    );
}

#[test]
fn without_a_subscriber_a_misspelt_name_is_told_on_stderr() {
    let mut program = Program::start_unheard("misspelt");
    assert_eq!(program.end(), Some(1), "{:#?}", program.said);
    let text = program.complaints();
    assert!(
        text.contains("mainstay: the shutdown cannot be prepared: ") && text.contains("programs.rs:"),
        "{text}"
    );
    assert!(text.contains("`pool` comes after `the indx`, which is none"), "{text}");
}
