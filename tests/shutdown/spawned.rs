use crate::child::Program;

#[test]
fn what_was_spawned_ends_before_the_first_handler_runs() {
    let mut program = Program::start("spawning");
    program.signal("TERM");
    assert_eq!(program.end(), Some(0), "{:#?}", program.said);
    let own = program.own();
    let stopped = own.iter().position(|line| *line == "stopped the consumers").unwrap();
    let mut before = own[1..stopped].to_vec();
    before.sort_unstable();
    assert_eq!(before, ["mail 1 is sent", "mail 2 is sent", "mail 3 is sent", "the file is written"]);
}
