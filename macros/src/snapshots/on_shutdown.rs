use super::expand::{check, check_change};

#[test]
fn on_shutdown() {
    let written = |options: &str| {
        format!("#[on_shutdown{options}]\nasync fn close() -> Result<(), E> {{ pool().close().await }}")
    };
    let plain = written("");
    check("on_shutdown", &plain);
    for (name, options) in [
        ("name", "(\"database\")"),
        ("phase", "(phase = announce)"),
        ("after_function", "(after = orders::flush)"),
        ("after_several", "(after(orders::flush, \"index\"))"),
        ("timeout", "(timeout = \"1m30s\")"),
        ("timeout_constant", "(timeout = LIMIT)"),
        ("crate", "(crate = other::path)"),
    ] {
        check_change(&format!("on_shutdown__{name}"), &plain, &written(options));
    }
    check("on_shutdown__sync", "#[on_shutdown]\nfn r#match() { save() }");
    check("on_shutdown__misuse", "#[on_shutdown(phase = late)]\nfn close(pool: Pool) { pool.close() }");
}
