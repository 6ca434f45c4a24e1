use std::time::Duration;

/// A header that says how much time a request has, and the form of its value.
///
/// | header | value | in use by |
/// |---|---|---|
/// | `grpc-timeout` | up to 8 digits and a unit: `1500m` | [gRPC](https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md), in all its languages |
/// | `x-envoy-expected-rq-timeout-ms` | milliseconds | [Envoy](https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/router_filter), and meshes made of it |
/// | `connect-timeout-ms` | milliseconds, up to 10 digits | [Connect](https://connectrpc.com/docs/protocol/) |
/// | one of your own | milliseconds or seconds | – |
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum DeadlineHeader {
    /// `grpc-timeout`. Its units are `H`, `M` and `S` for hours, minutes and seconds, `m`, `u` and `n` for the thousandths.
    GrpcTimeout,
    /// `x-envoy-expected-rq-timeout-ms`.
    EnvoyExpected,
    /// One of that name, in lower case, with whole milliseconds.
    Millis(&'static str),
    /// One of that name, in lower case, with seconds, perhaps with a fraction.
    Seconds(&'static str),
}

/// The units of gRPC, in nanoseconds, the finest first.
const UNITS: [(char, u64); 6] = [
    ('n', 1),
    ('u', 1_000),
    ('m', 1_000_000),
    ('S', 1_000_000_000),
    ('M', 60_000_000_000),
    ('H', 3_600_000_000_000),
];
/// What fits into 8 digits.
const MOST: u64 = 99_999_999;
/// Longer values are none, whatever they say.
const LONGEST: usize = 32;

impl DeadlineHeader {
    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::GrpcTimeout => "grpc-timeout",
            Self::EnvoyExpected => "x-envoy-expected-rq-timeout-ms",
            Self::Millis(name) | Self::Seconds(name) => name,
        }
    }

    /// The time that a value says; `None` for what is no value of this header. Zero is none: some write it for "no limit", and
    /// others for a deadline that has passed.
    pub fn parse(self, value: &str) -> Option<Duration> {
        let value = value.trim_matches([' ', '\t']);
        if value.len() > LONGEST {
            return None;
        }
        let time = match self {
            Self::GrpcTimeout => {
                let (unit, nanos) = UNITS.iter().find(|(unit, _)| value.ends_with(*unit))?;
                let amount = value.strip_suffix(*unit).filter(|digits| digits.len() <= 8)?;
                // Eight digits of hours are more than fits, and more than anybody caps at.
                Duration::from_nanos(digits(amount)?.saturating_mul(*nanos))
            }
            Self::EnvoyExpected | Self::Millis(_) => Duration::from_millis(digits(value)?),
            Self::Seconds(_) => {
                let (whole, fraction) = value.split_once('.').unwrap_or((value, "0"));
                let places = fraction.len().min(9);
                let nanos = digits(fraction).and_then(|_| digits(&fraction[..places]))?;
                let nanos = nanos * 10_u64.pow(u32::try_from(9 - places).ok()?);
                Duration::from_secs(digits(whole)?).saturating_add(Duration::from_nanos(nanos))
            }
        };
        (!time.is_zero()).then_some(time)
    }

    /// The value that says that time, never a longer one; the shortest that there is where it is none.
    pub fn format(self, time: Duration) -> String {
        let nanos = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX).max(1);
        match self {
            Self::GrpcTimeout => {
                let fitting = UNITS.iter().find(|(_, unit)| nanos / unit <= MOST);
                let (unit, length) = fitting.copied().unwrap_or(('H', u64::MAX / MOST));
                format!("{}{unit}", nanos / length)
            }
            Self::EnvoyExpected | Self::Millis(_) => (nanos / 1_000_000).max(1).to_string(),
            Self::Seconds(_) => {
                let millis = (nanos / 1_000_000).max(1);
                format!("{}.{:03}", millis / 1000, millis % 1000)
            }
        }
    }
}

/// Digits and nothing else; what does not fit is as much as fits.
fn digits(text: &str) -> Option<u64> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GRPC: DeadlineHeader = DeadlineHeader::GrpcTimeout;
    const MILLIS: DeadlineHeader = DeadlineHeader::EnvoyExpected;
    const SECONDS: DeadlineHeader = DeadlineHeader::Seconds("x-seconds");

    #[test]
    fn each_form_is_read() {
        for (header, value, nanos) in [
            (GRPC, "1500m", 1_500_000_000),
            (GRPC, "1n", 1),
            (GRPC, "20u", 20_000),
            (GRPC, " 2S\t", 2_000_000_000),
            (GRPC, "3M", 180_000_000_000),
            (GRPC, "1H", 3_600_000_000_000),
            (GRPC, "00000007S", 7_000_000_000),
            (GRPC, "99999999H", u64::MAX),
            (MILLIS, "250", 250_000_000),
            (SECONDS, "2", 2_000_000_000),
            (SECONDS, "0.25", 250_000_000),
            (SECONDS, "1.0000000019", 1_000_000_001),
        ] {
            assert_eq!(header.parse(value), Some(Duration::from_nanos(nanos)), "{value}");
        }
        assert!(MILLIS.parse("18446744073709551616").is_some_and(|time| time > Duration::from_secs(1 << 50)));
        assert!(SECONDS.parse("99999999999999999999.9").is_some_and(|time| time.as_secs() == u64::MAX));
    }

    #[test]
    fn what_is_malformed_hostile_or_nothing_is_none() {
        for value in [
            "",
            "m",
            "S",
            "1",
            "1.5S",
            "-1S",
            "+1S",
            "1s",
            "1h",
            "1 S",
            "123456789n",
            "0S",
            "0n",
            "1e3m",
            "٣S",
            "1S2m",
            "1\u{0}S",
            "ä",
            "1ä",
            "∞",
            "NaN",
            "0x10S",
            "1_0S",
        ] {
            assert_eq!(GRPC.parse(value), None, "{value:?}");
        }
        for value in ["", "0", "-5", "+5", "5ms", "1.5", " ", "5 5", "0x5", "∞", &"9".repeat(33)] {
            assert_eq!(MILLIS.parse(value), None, "{value:?}");
        }
        for value in ["", "0", "0.0", ".5", "5.", "1.-5", "1.5.5", "1e3", "-1", "+1", "1.+5", "inf", "nan"] {
            assert_eq!(SECONDS.parse(value), None, "{value:?}");
        }
    }

    #[test]
    fn what_is_written_is_read_again_as_no_more_and_hardly_less() {
        let mut random = fastrand::Rng::with_seed(11);
        for step in 0..crate::histories::steps(20_000) {
            let nanos = random.u64(..) >> random.u32(..64);
            let time = Duration::from_nanos(nanos.max(1_000_000));
            for header in [GRPC, MILLIS, SECONDS, DeadlineHeader::Millis("x-ms")] {
                let value = header.format(time);
                let read = header.parse(&value).unwrap();
                assert!(read <= time, "{step}: {time:?} as {value}");
                let lost = time - read;
                // What does not fit into 8 digits of a unit has at least 5 of the next; the others have milliseconds.
                assert!(lost <= (time / 50_000).max(Duration::from_millis(1)), "{time:?} as {value}");
            }
        }
    }

    #[test]
    fn a_time_that_is_up_is_the_shortest_that_there_is() {
        for (header, value) in [(GRPC, "1n"), (MILLIS, "1"), (SECONDS, "0.001")] {
            assert_eq!(header.format(Duration::ZERO), value);
        }
    }

    #[test]
    fn no_text_makes_it_panic() {
        let mut random = fastrand::Rng::with_seed(12);
        let alphabet: Vec<char> = "0123456789HMSmun.-+ \té٣\u{0}e".chars().collect();
        for _ in 0..crate::histories::steps(50_000) {
            let text: String =
                (0..random.usize(..40)).map(|_| alphabet[random.usize(..alphabet.len())]).collect();
            for header in [GRPC, MILLIS, SECONDS] {
                assert!(header.parse(&text).is_none_or(|time| !time.is_zero()), "{text:?}");
            }
        }
    }
}
