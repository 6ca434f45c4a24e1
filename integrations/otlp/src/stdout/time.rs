use std::fmt;

use mainstay_runtime::date::of_day;

/// A time in nanoseconds since the Unix epoch, printed after RFC 3339 with microseconds.
pub(super) struct Time(pub(super) u64);

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (seconds, nanos) = (self.0 / 1_000_000_000, self.0 % 1_000_000_000);
        let (year, month, day) = of_day(seconds / 86_400);
        let (hour, minute, second) = (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{:06}Z", nanos / 1000)
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;

    #[test]
    fn times_are_printed_as_rfc_3339_has_them() {
        assert_eq!(Time(0).to_string(), "1970-01-01T00:00:00.000000Z");
        assert_eq!(Time(1_709_210_096_123_456_789).to_string(), "2024-02-29T12:34:56.123456Z");
        assert_eq!(Time(u64::MAX).to_string(), "2554-07-21T23:34:33.709551Z");
    }

    #[test]
    fn every_day_has_the_date_that_others_give_it() {
        for day in (0..60_000).step_by(7) {
            // `Thu, 01 Jan 1970 …`
            let theirs = httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(day * 86_400));
            let (year, month, of_month) = of_day(day);
            let names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
            let ours = format!("{of_month:02} {} {year}", names[month as usize - 1]);
            assert_eq!(&theirs[5..16], ours);
        }
    }
}
