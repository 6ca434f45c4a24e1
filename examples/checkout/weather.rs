use std::{fmt, fs, path::Path, time::Duration};

/// How the payment server feels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Weather {
    /// Charges at once.
    Healthy,
    /// Fails that many calls in a hundred.
    Failing(u8),
    /// Takes calls and never answers.
    Hanging,
    /// Answers after that long.
    Slow(Duration),
}

impl fmt::Display for Weather {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Healthy => f.write_str("healthy"),
            Self::Failing(percent) => write!(f, "failing {percent}%"),
            Self::Hanging => f.write_str("hanging"),
            Self::Slow(by) => write!(f, "slow {by:?}"),
        }
    }
}

/// Which weather comes when, as a file tells it: `3s failing 80%`, one spell a line.
#[derive(Debug, Clone, PartialEq)]
pub struct Schedule {
    spells: Vec<(Duration, Weather)>,
    cycle: Option<Duration>,
}

impl Schedule {
    /// Reads the file, or says which line is wrong and what to write there.
    pub fn read(path: &Path) -> Result<Self, String> {
        let file = path.display();
        let text = fs::read_to_string(path)
            .map_err(|error| format!("{file}: {error}; name another file with --schedule FILE"))?;
        Self::parse(&text).map_err(|(line, problem)| format!("{file}:{line}: {problem}"))
    }

    /// The schedule of a text, or the number of the line that is wrong and why.
    fn parse(text: &str) -> Result<Self, (usize, String)> {
        let mut schedule = Self { spells: Vec::new(), cycle: None };
        for (number, line) in (1..).zip(text.lines()) {
            let words: Vec<&str> = line.split('#').next().unwrap_or("").split_whitespace().collect();
            if let [time, weather @ ..] = words.as_slice() {
                schedule.add(time, weather).map_err(|problem| (number, problem))?;
            }
        }
        if schedule.spells.is_empty() {
            return Err((1, "no weather at all; write a line such as `0s healthy`".to_owned()));
        }
        Ok(schedule)
    }

    fn add(&mut self, time: &str, weather: &[&str]) -> Result<(), String> {
        let start = duration(time)
            .ok_or_else(|| format!("`{time}` is no time; start the line with one such as `3s` or `500ms`"))?;
        if self.cycle.is_some() {
            return Err("nothing follows `repeat`; make that the last line".to_owned());
        }
        match self.spells.last() {
            None if !start.is_zero() => {
                return Err(format!("the first weather starts at `0s`, not at `{time}`"));
            }
            Some((previous, _)) if start <= *previous => {
                return Err(format!(
                    "`{time}` is not after {previous:?}; put the lines in the order of time"
                ));
            }
            _ => {}
        }
        match weather {
            ["repeat"] if start.is_zero() => return Err("`repeat` comes after some weather".to_owned()),
            ["repeat"] => self.cycle = Some(start),
            words => self.spells.push((start, parse_weather(words)?)),
        }
        Ok(())
    }

    /// The weather this long after the start. The last one stays, unless the schedule repeats.
    pub fn at(&self, elapsed: Duration) -> Weather {
        let into_cycle = match self.cycle {
            Some(cycle) => Duration::from_nanos((elapsed.as_nanos() % cycle.as_nanos()) as u64),
            None => elapsed,
        };
        let begun = self.spells.iter().rev().find(|(start, _)| *start <= into_cycle);
        begun.map_or(Weather::Healthy, |(_, weather)| *weather)
    }
}

fn parse_weather(words: &[&str]) -> Result<Weather, String> {
    match words {
        ["healthy"] => Ok(Weather::Healthy),
        ["hanging"] => Ok(Weather::Hanging),
        ["failing", share] => share
            .strip_suffix('%')
            .and_then(|percent| percent.parse().ok())
            .filter(|percent| *percent <= 100)
            .map(Weather::Failing)
            .ok_or_else(|| format!("`{share}` is no share; write one from `0%` to `100%`")),
        ["slow", by] => duration(by)
            .map(Weather::Slow)
            .ok_or_else(|| format!("`{by}` is no duration; write one such as `300ms`")),
        words => Err(format!(
            "`{}` is no weather; write `healthy`, `failing 80%`, `hanging`, `slow 300ms` or `repeat`",
            words.join(" ")
        )),
    }
}

fn duration(text: &str) -> Option<Duration> {
    let unit_at = text.find(|c: char| c.is_ascii_alphabetic())?;
    let (number, unit) = text.split_at(unit_at);
    let seconds = match unit {
        "ms" => 0.001,
        "s" => 1.0,
        "m" => 60.0,
        _ => return None,
    };
    Duration::try_from_secs_f64(number.parse::<f64>().ok()? * seconds).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    #[test]
    fn the_weather_changes_on_time_and_repeats() {
        let text = "0s healthy # fine\n\n1.5s failing 80%\n2s hanging\n3s slow 300ms\n4s repeat";
        let schedule = Schedule::parse(text).unwrap();
        let at = |ms| schedule.at(MS * ms);
        assert_eq!([at(0), at(1499)], [Weather::Healthy; 2]);
        assert_eq!([at(1500), at(5500)], [Weather::Failing(80); 2]);
        assert_eq!([at(2000), at(2999)], [Weather::Hanging; 2]);
        assert_eq!(at(403_999), Weather::Slow(300 * MS));
        assert_eq!(at(404_000), Weather::Healthy);
    }

    #[test]
    fn the_last_weather_stays_if_nothing_repeats() {
        let schedule = Schedule::parse("0s healthy\n1m hanging").unwrap();
        assert_eq!(schedule.at(MS * 59_999), Weather::Healthy);
        assert_eq!(schedule.at(MS * 1_000_000), Weather::Hanging);
    }

    #[test]
    fn a_bad_line_is_named_with_the_remedy() {
        let refused = |text: &str| {
            let (line, problem) = Schedule::parse(text).unwrap_err();
            format!("{line}: {problem}")
        };
        assert_eq!(
            refused("0s healthy\n1s sunny spells"),
            "2: `sunny spells` is no weather; write `healthy`, `failing 80%`, `hanging`, `slow 300ms` or `repeat`"
        );
        assert!(refused("0s").starts_with("1: `` is no weather"));
        assert!(refused("# nothing").starts_with("1: no weather at all"));
        assert!(refused("soon healthy").starts_with("1: `soon` is no time"));
        assert!(refused("3 healthy").starts_with("1: `3` is no time"));
        assert!(refused("1s healthy").starts_with("1: the first weather starts at `0s`"));
        assert!(refused("0s repeat").starts_with("1: `repeat` comes after"));
        assert!(refused("0s failing 101%").starts_with("1: `101%` is no share"));
        assert!(refused("0s slow later").starts_with("1: `later` is no duration"));
        assert!(refused("0s healthy\n2s hanging\n1s healthy").starts_with("3: `1s` is not after 2s"));
        assert!(refused("0s healthy\n1s repeat\n2s healthy").starts_with("3: nothing follows `repeat`"));
    }

    #[test]
    fn a_file_that_is_not_there_is_named() {
        let problem = Schedule::read(Path::new("no/such/schedule")).unwrap_err();
        assert!(problem.starts_with("no/such/schedule: "), "{problem}");
        assert!(problem.ends_with("; name another file with --schedule FILE"), "{problem}");
    }
}
