//! Paths and their parts.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

/// The parts of a path between slashes, decoded; `None` where a part is no UTF-8.
pub(crate) fn parts(path: &str) -> Option<Vec<Cow<'_, str>>> {
    let path = path.strip_prefix('/')?;
    path.split('/').map(|part| percent_decode_str(part).decode_utf8().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_may_hold_slashes_and_anything_else_when_they_are_encoded() {
        assert_eq!(parts("/policies/retry/a%2Fb%20%C3%BC::c@7/reset").unwrap()[2], "a/b ü::c@7");
        assert_eq!(parts("/").unwrap(), [""]);
        assert_eq!(parts("/%ff"), None);
        assert_eq!(parts("*"), None);
        assert_eq!(parts("/%2"), Some(vec!["%2".into()]));
    }
}
