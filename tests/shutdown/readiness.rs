use crate::child::Program;

#[test]
fn from_the_signal_on_the_program_is_not_ready_and_says_why() {
    let mut program = Program::start("readiness");
    program.signal("TERM");
    program.until("ready:");
    let text = program.said.last().unwrap();
    assert!(text.contains("\"status\":\"unhealthy\"") && text.contains("shutting down: SIGTERM"), "{text}");
    assert!(!program.logged(&["no new work"]), "it is told while the program still serves");
    // It would serve for ten seconds more.
    program.signal("TERM");
    assert_eq!(program.end(), Some(143), "{:#?}", program.said);
}
