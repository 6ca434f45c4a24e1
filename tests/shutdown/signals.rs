use crate::{annotated::IN_ORDER, child::Program};

#[test]
fn at_sigterm_and_sigint_all_handlers_run_in_order_and_the_exit_code_is_zero() {
    for signal in ["TERM", "INT"] {
        let mut program = Program::start("usual");
        program.signal(signal);
        assert_eq!(program.end(), Some(0), "{:#?}", program.said);
        let own = program.own();
        assert_eq!(own[..7], IN_ORDER);
        assert!(own[7].contains(&format!("(SIG{signal}), exit code 0")), "{}", own[7]);
        for step in [
            &["shutdown begins: not ready any more", "timeout=20s"][..],
            &["shutdown: no new work", "in_flight=0"],
            &["shutdown handler begins", "handler=\"shutdown::annotated::deregister\"", "phase=announce"],
            &["shutdown handler done", "handler=\"the orders\"", "took="],
            &["handlers are over, telemetry is sent"],
            &["shut down", "code=0", "took="],
        ] {
            assert!(program.logged(step), "{step:?} in {:#?}", program.said);
        }
    }
}

#[test]
fn a_program_without_a_runtime_shuts_down_in_the_same_order() {
    let mut program = Program::start("without a runtime");
    program.signal("TERM");
    assert_eq!(program.end(), Some(0), "{:#?}", program.said);
    assert_eq!(program.own()[..7], IN_ORDER);
}

#[test]
fn a_second_signal_ends_it_at_once() {
    for (first, second, code) in [("TERM", "TERM", 143), ("INT", "INT", 130), ("TERM", "INT", 130)] {
        let mut program = Program::start("slow");
        program.signal(first);
        // It has ten seconds of its pre-drain before it.
        program.until("shutdown begins");
        program.signal(second);
        assert_eq!(program.end(), Some(code), "{:#?}", program.said);
        assert!(program.logged(&["a second signal, exiting at once: pre_drain"]), "{:#?}", program.said);
        assert!(!program.logged(&["no new work"]));
    }
}

#[test]
fn other_signals_are_heard_instead_if_that_is_asked_for() {
    for signal in ["QUIT", "HUP"] {
        let mut program = Program::start("quit and hangup");
        program.signal(signal);
        assert_eq!(program.end(), Some(0), "{:#?}", program.said);
    }
    let mut program = Program::start("quit and hangup");
    program.signal("TERM");
    assert_eq!(program.killed_by(), Some(15));
}

#[test]
fn a_program_that_hears_no_signals_is_ended_by_them() {
    let mut program = Program::start("deaf");
    program.signal("TERM");
    assert_eq!((program.killed_by(), program.own().is_empty()), (Some(15), true));
}
