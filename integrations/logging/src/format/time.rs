use std::{
    fmt::{self, Display},
    time::{Duration, SystemTime},
};

/// A point in time by the calendar, in UTC.
pub(crate) struct Utc {
    pub(crate) year: u64,
    pub(crate) month: u64,
    pub(crate) day: u64,
    pub(crate) hour: u64,
    pub(crate) minute: u64,
    pub(crate) second: u64,
    pub(crate) micros: u32,
}

impl Utc {
    /// Times before 1970 become its first moment.
    pub(crate) fn of(time: SystemTime) -> Self {
        let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or(Duration::ZERO);
        let (days, second) = (since.as_secs() / 86_400, since.as_secs() % 86_400);
        // Years that begin in March, in eras of 400 years: Howard Hinnant's `civil_from_days`.
        let shifted = days + 719_468;
        let (era, of_era) = (shifted / 146_097, shifted % 146_097);
        let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * of_year + 2) / 153;
        let day = of_year - (153 * month_from_march + 2) / 5 + 1;
        let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
        let year = era * 400 + year_of_era + u64::from(month <= 2);
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        Self { year, month, day, hour, minute, second, micros: since.subsec_micros() }
    }
}

/// `2026-11-21T14:42:29.123456Z`.
pub(crate) fn rfc3339(time: SystemTime) -> impl Display {
    let Utc { year, month, day, hour, minute, second, micros } = Utc::of(time);
    let numbers = [year, month, day, hour, minute, second, micros.into()];
    filled(*b"0000-00-00T00:00:00.000000Z", numbers)
}

/// The same by the clock on the wall, as if that were UTC: for those parts that say no zone.
#[cfg(feature = "local-time")]
pub(super) fn on_the_wall(time: SystemTime) -> SystemTime {
    let Ok(moment) = jiff::Timestamp::try_from(time) else { return time };
    // Known from one line to the next, and looked up anew every few minutes.
    let seconds = jiff::tz::TimeZone::system().to_offset(moment).seconds();
    let offset = Duration::from_secs(seconds.unsigned_abs().into());
    let moved = if seconds < 0 { time.checked_sub(offset) } else { time.checked_add(offset) };
    moved.unwrap_or(time)
}

/// `14:42:29.123`.
pub(super) fn clock(time: SystemTime) -> impl Display {
    let Utc { hour, minute, second, micros, .. } = Utc::of(time);
    filled(*b"00:00:00.000", [hour, minute, second, u64::from(micros / 1000)])
}

/// `20261121T144229.123Z`, for names of files: they sort by time.
pub(crate) fn stamp(time: SystemTime) -> impl Display {
    let Utc { year, month, day, hour, minute, second, micros } = Utc::of(time);
    let numbers =
        [day + 100 * (month + 100 * year), second + 100 * (minute + 100 * hour), u64::from(micros / 1000)];
    filled(*b"00000000T000000.000Z", numbers)
}

/// Puts the numbers in place of the zeros of `form`, from the last on. A formatter takes longer than all the rest of a line.
fn filled<const F: usize, const N: usize>(mut form: [u8; F], numbers: [u64; N]) -> impl Display {
    let (mut left, mut number, mut was_digit) = (numbers.into_iter().rev(), 0, false);
    for byte in form.iter_mut().rev() {
        let is_digit = *byte == b'0';
        if is_digit {
            if !was_digit {
                number = left.next().unwrap_or_default();
            }
            *byte = b'0' + (number % 10) as u8;
            number /= 10;
        }
        was_digit = is_digit;
    }
    fmt::from_fn(move |f| f.write_str(std::str::from_utf8(&form).unwrap_or_default()))
}
