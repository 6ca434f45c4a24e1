//! Which level counts, and what a level is.

use tracing::level_filters::LevelFilter;
use tracing_subscriber::EnvFilter;

use crate::{LoggingError, environment::Variables, environment::of_service};

/// What is logged, by the directives of `tracing-subscriber`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Level(String);

impl Level {
    /// Reads a level, or directives such as `info,hyper=warn`; `place` says where it stands.
    pub(crate) fn parse(place: &str, text: &str) -> Result<Self, LoggingError> {
        let wrong =
            |problem: String| LoggingError::Level { place: place.into(), found: text.into(), problem };
        let directives =
            split(text).map(|part| directive(part.trim())).collect::<Result<Vec<_>, _>>().map_err(wrong)?;
        let level = Self(directives.join(","));
        EnvFilter::builder().parse(&level.0).map_err(|error| wrong(format!("{error}; {WRITE}")))?;
        Ok(level)
    }

    /// `{SERVICE}_LOG_LEVEL`, else `LOG_LEVEL`, else `in_code`. A variable that makes no sense is passed over, and told.
    pub(crate) fn resolve(
        service: &str,
        in_code: &str,
        variables: &Variables,
    ) -> Result<(Self, Vec<LoggingError>), LoggingError> {
        let mut problems = Vec::new();
        // Wrong code is found even where a variable would hide it.
        let in_code = Self::parse("level", in_code)?;
        for name in [of_service(service, "LOG_LEVEL"), "LOG_LEVEL".into()] {
            match variables.get(&name).map(|text| Self::parse(&name, &text)) {
                Some(Ok(level)) => return Ok((level, problems)),
                Some(Err(problem)) => problems.push(problem),
                None => {}
            }
        }
        Ok((in_code, problems))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The level that counts where no directive speaks of a target.
    pub(crate) fn plain(&self) -> Option<LevelFilter> {
        self.0.split(',').rev().find_map(|directive| directive.parse().ok())
    }

    pub(crate) fn filter(&self) -> EnvFilter {
        EnvFilter::builder().parse_lossy(&self.0)
    }
}

const WRITE: &str = "write off, error, warn, info, debug or trace, or directives such as `info,hyper=warn`";

/// The parts between commas, as far as these do not stand within brackets.
fn split(text: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0_u32;
    text.split(move |c| {
        match c {
            '[' | '{' => depth += 1,
            ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        c == ',' && depth == 0
    })
}

fn directive(part: &str) -> Result<String, String> {
    match part.rsplit_once('=').filter(|(_, level)| !level.contains([']', '}'])) {
        Some((target, level)) => {
            Ok(format!("{}={}", target.trim(), named(level.trim()).ok_or_else(|| no_level(level))?))
        }
        None if part.contains('[') => Ok(part.into()),
        // tracing-subscriber would take a level with a slip of the pen for a target, and log nothing.
        None => named(part).map(Into::into).ok_or_else(|| no_level(part)),
    }
}

fn no_level(part: &str) -> String {
    format!("{part:?} is no level; {WRITE}")
}

/// By its name here or in other languages.
fn named(level: &str) -> Option<&'static str> {
    Some(match level.to_ascii_lowercase().as_str() {
        "off" | "none" => "off",
        "error" | "critical" | "fatal" => "error",
        "warn" | "warning" => "warn",
        "info" | "notice" => "info",
        "debug" => "debug",
        "trace" => "trace",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    fn variables<const N: usize>(given: [(&str, &str); N]) -> Variables {
        Variables::Given(HashMap::from(given.map(|(name, value)| (name.into(), value.into()))))
    }

    #[test]
    fn levels_are_read_in_any_case_and_by_the_names_of_other_languages() {
        for (text, expected) in [
            ("INFO", "info"),
            (" Warning ", "warn"),
            ("CRITICAL", "error"),
            ("info,hyper=WARN, my_crate::api = debug", "info,hyper=warn,my_crate::api=debug"),
            ("info,[request{user=a}]=trace", "info,[request{user=a}]=trace"),
        ] {
            assert_eq!(Level::parse("level", text).unwrap().as_str(), expected);
        }
    }

    #[test]
    fn what_is_no_level_is_told_with_its_place_and_what_to_write() {
        for (text, part) in
            [("infoo", "infoo"), ("info,hyper", "hyper"), ("hyper=loud", "loud"), ("", ""), ("info,", "")]
        {
            let message = Level::parse("LOG_LEVEL", text).unwrap_err().to_string();
            let begin = format!("`LOG_LEVEL` is {text:?}: {part:?} is no level; write off, error");
            assert!(message.starts_with(&begin), "{message}");
        }
        assert!(Level::parse("level", "a[=info").is_err());
    }

    #[test]
    fn the_services_variable_comes_before_the_general_one_and_that_before_the_code() {
        let resolve = |variables| Level::resolve("prophet-api", "info", &variables).unwrap();
        let both = variables([("PROPHET_API_LOG_LEVEL", "debug"), ("LOG_LEVEL", "warn")]);
        assert_eq!(resolve(both).0.as_str(), "debug");
        assert_eq!(
            resolve(variables([("PROPHET_API_LOG_LEVEL", " "), ("LOG_LEVEL", "warn")])).0.as_str(),
            "warn"
        );
        assert_eq!(resolve(variables([])).0.as_str(), "info");
        let (level, problems) = resolve(variables([("PROPHET_API_LOG_LEVEL", "loud"), ("LOG_LEVEL", "7")]));
        assert_eq!((level.as_str(), problems.len()), ("info", 2));
        assert!(Level::resolve("a", "loud", &variables([("LOG_LEVEL", "info")])).is_err());
    }
}
