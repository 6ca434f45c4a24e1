use crate::{annotated::IN_ORDER, child::Program};

#[test]
fn a_handler_that_hangs_is_named_and_the_others_run() {
    let mut program = Program::start("hanging");
    program.signal("TERM");
    assert_eq!(program.end(), Some(124), "{:#?}", program.said);
    assert_eq!((program.own()[0], &program.own()[1..6]), (IN_ORDER[0], &IN_ORDER[2..]));
    let last = program.own()[6];
    assert!(last.contains("exit code 124; did not end: the consumers"), "{last}");
    let step =
        ["shutdown handler took too long: cancelled", "handler=the consumers", "limit=2s", "annotated.rs:"];
    assert!(program.logged(&step), "{:#?}", program.said);
    assert!(program.logged(&["not all had ended", "left=\"the consumers\""]), "{:#?}", program.said);
}

#[test]
fn a_handler_that_panics_is_told_of_and_the_others_run() {
    let mut program = Program::start("panicking");
    program.signal("TERM");
    assert_eq!(program.end(), Some(1), "{:#?}", program.said);
    assert_eq!((program.own()[0], &program.own()[1..6]), (IN_ORDER[0], &IN_ORDER[2..]));
    let step = ["shutdown handler panicked", "handler=\"the consumers\"", "panic=\"the consumers are gone\""];
    assert!(program.logged(&step), "{:#?}", program.said);
}

#[test]
fn a_handler_that_fails_is_told_of_after_its_policies_have_tried() {
    let mut program = Program::start("failing");
    program.signal("TERM");
    assert_eq!(program.end(), Some(1), "{:#?}", program.said);
    assert_eq!(program.own().iter().filter(|line| **line == "tried").count(), 2);
    let step = [
        "shutdown handler failed",
        "handler=\"shutdown::annotated::fails_at_times\"",
        "error=\"the disk is busy\"",
    ];
    assert!(program.logged(&step), "{:#?}", program.said);
}

#[test]
fn a_program_whose_runtime_is_blocked_ends_when_its_time_is_up() {
    let mut program = Program::start("blocked");
    program.signal("TERM");
    assert_eq!(program.end(), Some(124), "{:#?}", program.said);
    let step = ["the time to shut down is over, exiting: ", "the server in flight: 1"];
    assert!(program.logged(&step), "{:#?}", program.said);
}

#[test]
fn a_second_signal_ends_also_a_program_whose_runtime_is_blocked() {
    let mut program = Program::start("blocked");
    program.signal("TERM");
    program.until("shutdown begins");
    program.signal("INT");
    assert_eq!(program.end(), Some(130), "{:#?}", program.said);
}

#[test]
fn a_program_that_a_blocking_task_keeps_ends_when_its_time_is_up() {
    let mut program = Program::start("kept");
    program.signal("TERM");
    assert_eq!(program.end(), Some(124), "{:#?}", program.said);
    assert!(program.own().iter().any(|line| line.contains("exit code 0")), "{:#?}", program.said);
    assert!(program.logged(&["`main` does not end"]), "{:#?}", program.said);
}

#[test]
fn an_async_handler_that_blocks_its_thread_is_not_called_cancelled_and_is_named_at_last() {
    let mut program = Program::start("holding");
    program.signal("TERM");
    assert_eq!(program.end(), Some(124), "{:#?}", program.said);
    let step = ["took too long: asked to end; it blocks its thread", "handler=the archive"];
    assert!(program.logged(&step), "{:#?}", program.said);
    let last = ["`main` does not end: blocked by the shutdown handler `the archive`"];
    assert!(program.logged(&last), "{:#?}", program.said);
}
