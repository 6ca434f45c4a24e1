use std::time::Duration;

pub const HELP: &str = "\
Mixed traffic through all policies on all cores, with faults; every second the books must balance.

Usage: cargo run --release --example soak -- [options]

  --minutes N   how long (default: 10)
  --seconds N   the same in seconds
  --seed N      the seed of all chance (default: another each time; it is printed)
  --help        this text";

/// What the command line asks for.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    pub run_for: Duration,
    pub seed: u64,
}

impl Options {
    /// Reads the command line; `None` if it asks for help.
    ///
    /// # Errors
    /// A word that means nothing here, or a value that is none.
    pub fn read(words: impl IntoIterator<Item = String>) -> Result<Option<Self>, String> {
        let mut options = Self { run_for: Duration::from_secs(600), seed: fastrand::u64(..) };
        let mut words = words.into_iter();
        while let Some(word) = words.next() {
            match word.as_str() {
                "--minutes" => options.run_for = time(&word, words.next(), 60.0)?,
                "--seconds" => options.run_for = time(&word, words.next(), 1.0)?,
                "--seed" => {
                    let seed = words.next().and_then(|seed| seed.parse().ok());
                    options.seed = seed.ok_or("--seed needs a whole number, as in `--seed 7`")?;
                }
                "--help" | "-h" => return Ok(None),
                _ => {
                    return Err(format!(
                        "unknown option `{word}`; there are --minutes, --seconds and --seed"
                    ));
                }
            }
        }
        Ok(Some(options))
    }
}

fn time(name: &str, text: Option<String>, unit: f64) -> Result<Duration, String> {
    text.and_then(|text| text.parse::<f64>().ok())
        .filter(|number| *number > 0.0)
        .and_then(|number| Duration::try_from_secs_f64(number * unit).ok())
        .ok_or_else(|| format!("{name} needs a number above 0, as in `{name} 10`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Option<Options>, String> {
        Options::read(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn a_value_follows_its_option() {
        let asked = read("--minutes 0.5 --seed 7").unwrap();
        assert_eq!(asked, Some(Options { run_for: Duration::from_secs(30), seed: 7 }));
        assert_eq!(read("--seconds 20").unwrap().unwrap().run_for, Duration::from_secs(20));
        assert_eq!(read("").unwrap().unwrap().run_for, Duration::from_secs(600));
        assert_eq!(read("--help"), Ok(None));
    }

    #[test]
    fn what_cannot_be_followed_is_refused_with_the_remedy() {
        assert!(read("--hours 1").unwrap_err().starts_with("unknown option `--hours`; there are --minutes"));
        assert!(read("--minutes").unwrap_err().contains("`--minutes 10`"));
        assert!(read("--seconds -1").unwrap_err().contains("a number above 0"));
        assert!(read("--seed x").unwrap_err().contains("`--seed 7`"));
    }
}
