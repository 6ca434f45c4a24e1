//! Paths and their parts.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

/// The parts of a path between slashes, decoded; `None` where a part is no UTF-8. A slash at the end makes no difference.
pub(crate) fn parts(path: &str) -> Option<Vec<Cow<'_, str>>> {
    let path = trimmed(path).strip_prefix('/')?;
    path.split('/').map(|part| percent_decode_str(part).decode_utf8().ok()).collect()
}

/// A path without the slash at its end, if it is more than that.
pub(crate) fn trimmed(path: &str) -> &str {
    path.strip_suffix('/').filter(|rest| !rest.is_empty()).unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_may_hold_slashes_and_anything_else_when_they_are_encoded() {
        assert_eq!(parts("/policies/retry/a%2Fb%20%C3%BC::c@7/reset").unwrap()[2], "a/b ü::c@7");
        assert_eq!(parts("/").unwrap(), [""]);
        assert_eq!(parts("/policies/").unwrap(), ["policies"]);
        assert_eq!(parts("/policies/retry/a%2F/").unwrap(), ["policies", "retry", "a/"]);
        assert_eq!(parts("/%ff"), None);
        assert_eq!(parts("*"), None);
        assert_eq!(parts("/%2"), Some(vec!["%2".into()]));
    }
}
