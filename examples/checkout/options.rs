use std::{path::PathBuf, time::Duration};

pub const HELP: &str = "\
A checkout service whose payment server fails, hangs, slows and recovers, under load.

Usage: cargo run --features ops,yaml --example checkout -- [options]

  --seconds N      end after N seconds (default: on Ctrl+C)
  --rate N         orders per second that come whether or not earlier ones were answered (default: 150)
  --shoppers N     impatient customers, who order again 50ms after each answer (default: 4)
  --schedule FILE  the payment server's weather (default: examples/checkout/schedule.txt)
  --policies FILE  options of the policies, read again when it changes (default: examples/checkout/policies.yaml)
  --help           this text";

/// What the command line asks for.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// How long to run; until Ctrl+C if `None`.
    pub run_for: Option<Duration>,
    /// Orders per second of the open loop.
    pub rate: u32,
    /// Customers of the closed loop.
    pub shoppers: u32,
    /// The weather's file.
    pub schedule: PathBuf,
    /// The file with the policies' options.
    pub policies: PathBuf,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            run_for: None,
            rate: 150,
            shoppers: 4,
            schedule: concat!(env!("CARGO_MANIFEST_DIR"), "/examples/checkout/schedule.txt").into(),
            policies: concat!(env!("CARGO_MANIFEST_DIR"), "/examples/checkout/policies.yaml").into(),
        }
    }
}

impl Options {
    /// Reads the command line; `None` if it asks for help.
    pub fn read(words: impl IntoIterator<Item = String>) -> Result<Option<Self>, String> {
        let mut options = Self::default();
        let mut words = words.into_iter();
        while let Some(word) = words.next() {
            let (name, attached) = match word.split_once('=') {
                Some((name, value)) => (name, Some(value.to_owned())),
                None => (word.as_str(), None),
            };
            let mut value = |wanted| {
                attached
                    .clone()
                    .or_else(|| words.next())
                    .ok_or_else(|| format!("{name} needs {wanted}, as in `{name} 10`"))
            };
            match name {
                "--seconds" => options.run_for = Some(seconds(&value("a number of seconds")?)?),
                "--rate" => options.rate = count(name, &value("a number of orders per second")?, 10_000)?,
                "--shoppers" => options.shoppers = count(name, &value("a number of customers")?, 200)?,
                "--schedule" => options.schedule = value("a file")?.into(),
                "--policies" => options.policies = value("a file")?.into(),
                "--help" | "-h" => return Ok(None),
                _ => return Err(unknown(name)),
            }
        }
        if options.rate == 0 && options.shoppers == 0 {
            return Err("--rate 0 with --shoppers 0 asks for nothing; raise one of them".to_owned());
        }
        Ok(Some(options))
    }
}

fn seconds(text: &str) -> Result<Duration, String> {
    text.parse()
        .ok()
        .filter(|seconds| *seconds > 0.0)
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
        .ok_or_else(|| {
            format!("--seconds is `{text}`; write a number above 0, or leave it off to run until Ctrl+C")
        })
}

fn count(name: &str, text: &str, most: u32) -> Result<u32, String> {
    text.parse()
        .ok()
        .filter(|count| *count <= most)
        .ok_or_else(|| format!("{name} is `{text}`; write a whole number from 0 to {most}"))
}

fn unknown(name: &str) -> String {
    format!(
        "unknown option `{name}`; there are --seconds, --rate, --shoppers, --schedule, --policies and --help"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Option<Options>, String> {
        Options::read(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn a_value_follows_its_option_or_is_attached_to_it() {
        let asked = read("--seconds 2.5 --rate=7").unwrap().unwrap();
        assert_eq!(
            asked,
            Options { run_for: Some(Duration::from_millis(2500)), rate: 7, ..Options::default() }
        );
        assert_eq!(read("--rate 7 --help"), Ok(None));
    }

    #[test]
    fn what_cannot_be_followed_is_refused_with_the_remedy() {
        let refused = |line| read(line).unwrap_err();
        assert!(refused("--secs 3").starts_with("unknown option `--secs`; there are --seconds"));
        assert!(refused("--seconds").starts_with("--seconds needs a number of seconds"));
        assert!(refused("--seconds -1").contains("write a number above 0"));
        assert!(refused("--seconds 1e99").contains("write a number above 0"));
        assert!(refused("--rate many").contains("write a whole number from 0 to 10000"));
        assert!(refused("--rate 0 --shoppers 0").contains("asks for nothing"));
    }
}
