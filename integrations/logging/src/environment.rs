use std::{collections::HashMap, fmt};

/// Where a service runs, by `APP_ENV`, else `ENVIRONMENT`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Environment {
    /// `dev`, `development`, `local`, or nothing: lines to be read by people.
    Development,
    /// `staging`, `stage`: JSON.
    Staging,
    /// `prod`, `production`: JSON.
    Production,
    /// Anything else, such as `test`: lines to be read by people.
    Other(String),
}

impl Environment {
    /// By its name, in any case.
    pub fn named(name: &str) -> Self {
        match name.trim().to_ascii_lowercase().as_str() {
            "" | "dev" | "development" | "local" => Self::Development,
            "staging" | "stage" => Self::Staging,
            "prod" | "production" => Self::Production,
            other => Self::Other(other.into()),
        }
    }

    pub(crate) fn of(variables: &Variables) -> Self {
        let name = variables.get("APP_ENV").or_else(|| variables.get("ENVIRONMENT"));
        name.map_or(Self::Development, |name| Self::named(&name))
    }

    /// Its full name, in lower case.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Development => "development",
            Self::Staging => "staging",
            Self::Production => "production",
            Self::Other(name) => name,
        }
    }

    /// Whether machines read its logs.
    pub(crate) const fn is_served(&self) -> bool {
        matches!(self, Self::Staging | Self::Production)
    }
}

impl fmt::Display for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The variables of the environment. Empty ones count as not set.
#[derive(Debug, Clone)]
pub(crate) enum Variables {
    /// Those of the process.
    Process,
    /// These.
    Given(HashMap<String, String>),
}

impl Variables {
    pub(crate) fn get(&self, name: &str) -> Option<String> {
        let value = match self {
            Self::Process => std::env::var(name).ok(),
            Self::Given(variables) => variables.get(name).cloned(),
        };
        value.filter(|value| !value.trim().is_empty())
    }
}

/// The variable that sets `what` for one service: `PROPHET_API_LOG_LEVEL` for `prophet-api`.
pub(crate) fn of_service(service: &str, what: &str) -> String {
    let letter = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' };
    let prefix: String = service.chars().map(letter).collect();
    format!("{prefix}_{what}")
}
