//! What somebody may have meant who misspelt something.

/// The candidate that is nearest to `written`, if one is near enough to be meant.
pub(super) fn nearest<'a>(written: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let near = candidates.into_iter().filter(|candidate| {
        // Counting the difference takes the product of the lengths: not for what is of another length anyway.
        candidate.len().abs_diff(written.len()) <= allowed(candidate)
    });
    near.map(|candidate| (strsim::damerau_levenshtein(candidate, written), candidate))
        .filter(|(distance, candidate)| *distance <= allowed(candidate))
        .min()
        .map(|(_, candidate)| candidate)
}

/// How many letters may be wrong.
fn allowed(candidate: &str) -> usize {
    (candidate.len() / 4).clamp(1, 4)
}

/// `; did you mean …?` or what there is, or that there is nothing.
pub(super) fn remedy<'a>(written: &str, candidates: impl IntoIterator<Item = &'a str>, none: &str) -> String {
    const SHOWN: usize = 12;
    let mut candidates: Vec<&str> = candidates.into_iter().collect();
    candidates.sort_unstable();
    candidates.dedup();
    if let Some(nearest) = nearest(written, candidates.iter().copied()) {
        return format!("did you mean `{nearest}`?");
    }
    if candidates.is_empty() {
        return none.to_owned();
    }
    let shown = candidates.iter().take(SHOWN).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    match candidates.len().saturating_sub(SHOWN) {
        0 => format!("there is {shown}"),
        more => format!("there is {shown} and {more} more"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_told_from_another_word() {
        let names = ["payments", "stock", "max_attempts"];
        assert_eq!(nearest("paymnets", names), Some("payments"));
        assert_eq!(nearest("max_atempts", names), Some("max_attempts"));
        assert_eq!(nearest("orders", names), None);
        assert_eq!(remedy("orders", names, ""), "there is `max_attempts`, `payments`, `stock`");
        assert_eq!(remedy("orders", [], "nothing has a name"), "nothing has a name");
    }
}
