//! A reporter on the console and in a file, with the verbosity that is asked for.
//!
//! ```text
//! cargo run --example reporter --features logging -- 2
//! ```

use mainstay::logging::{Category, Emoji, LoggingError, SystemReporter};

fn main() -> Result<(), LoggingError> {
    let verbose = std::env::args().nth(1).and_then(|argument| argument.parse().ok()).unwrap_or(1);
    let folder = std::env::temp_dir().join("mainstay-reporter");
    let reporter = SystemReporter::new("prophet", &folder, verbose)?;

    reporter.info(format!("{} prophet starts with verbosity {verbose}", Emoji::Start));
    let database = reporter.context("Database");
    database.debug(format!("{} connecting to postgres://app:hunter2@db/prophet", Emoji::Connected));
    database.success(format!("{} 12 tables are there", Emoji::Database));
    reporter.context("Cache").warning(format!("{} the cache is cold", Emoji::Slow));
    reporter.context("Bank").error(format!("{} the bank does not answer", Emoji::ERROR));
    for emoji in Emoji::of(Category::Business) {
        reporter.debug(format!("{emoji} is {emoji:?}"));
    }
    reporter.info(format!("{} everything is in {}", Emoji::File, folder.join("prophet.log").display()));
    Ok(())
}
