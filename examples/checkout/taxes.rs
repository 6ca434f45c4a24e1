//! Looking up a tax: an ordinary function, not async, under the same attributes.

use std::{fs, io, path::Path};

use mainstay::{Classify, cached, chaos, circuit_breaker, fallback, trace_span};

const TABLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/checkout/taxes.txt");
const HIGHEST: u64 = 25;

/// Why a tax is not known.
#[derive(Debug, thiserror::Error, Classify)]
pub enum TaxError {
    #[transient]
    #[error("the tax table cannot be read: {0}")]
    Table(#[from] io::Error),
    #[permanent]
    #[error("nothing is known of taxes in `{0}`")]
    Unknown(String),
    #[error(transparent)]
    Policy(#[from] mainstay::Error),
}

/// The value added tax of a country, in percent. The table is read anew every second, so that it can be edited; while it is
/// gone, what was read last holds for a minute, and after that the highest rate. `policies.yaml` can make it fail.
#[trace_span("tax", attrs(country = country))]
#[fallback(|_| Ok(HIGHEST), on(TaxError::Table(_), TaxError::Policy(_)))]
#[cached("taxes", ttl = "1s", stale_if_error = "1m")]
#[circuit_breaker("tax table", timeout = "1s")]
#[chaos("tax table", error_rate = 0.5)]
pub fn tax_percent(country: &str) -> Result<u64, TaxError> {
    find(&fs::read_to_string(Path::new(TABLE))?, country).ok_or_else(|| TaxError::Unknown(country.to_owned()))
}

fn find(table: &str, country: &str) -> Option<u64> {
    let mut lines = table.lines().filter_map(|line| line.split_once(' '));
    let (_, percent) = lines.find(|(listed, _)| *listed == country)?;
    percent.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listed_country_has_a_tax_and_another_is_unknown() {
        assert_eq!(tax_percent("SE").unwrap(), 25);
        assert!(matches!(tax_percent("XX"), Err(TaxError::Unknown(country)) if country == "XX"));
        assert!(matches!(tax_percent("#"), Err(TaxError::Unknown(_))));
    }
}
