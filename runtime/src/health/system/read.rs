//! Reading the small files of the kernel.

use std::path::Path;

/// The text of the file, without the line's end.
pub(super) fn text(path: &Path) -> Option<String> {
    std::fs::read_to_string(path).ok().map(|text| text.trim().to_owned())
}

/// The number that the file consists of; `None` for `max`, which is none.
pub(super) fn number(path: &Path) -> Option<u64> {
    text(path)?.parse().ok()
}

/// The number after `key` in lines such as `MemAvailable:  123 kB` or `inactive_file 123`.
pub(super) fn field(text: &str, key: &str) -> Option<u64> {
    text.lines().find_map(|line| {
        let rest = line.strip_prefix(key)?;
        let rest = rest.strip_prefix(':').unwrap_or(rest);
        let is_whole_key = rest.starts_with(char::is_whitespace);
        is_whole_key.then(|| rest.split_whitespace().next()?.parse().ok()).flatten()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_found_by_its_whole_name() {
        let text = "MemTotal:       1000 kB\nMemFree:  10 kB\ninactive_file 7\ninactive_file_x 8\n";
        assert_eq!(field(text, "MemTotal"), Some(1000));
        assert_eq!(field(text, "inactive_file"), Some(7));
        assert_eq!(field(text, "Mem"), None);
        assert_eq!(field(text, "Swap"), None);
    }
}
