//! Which word was meant by one that is misspelt.

use syn::{Expr, Lit};

use crate::values::literal;

/// Of `known` the word that is nearest to what was written, if any is near. Capitals count for nothing.
pub(crate) fn nearest<K: AsRef<str> + Ord>(written: &str, known: impl IntoIterator<Item = K>) -> Option<K> {
    let written = written.to_lowercase();
    let distances = known.into_iter().map(|word| {
        let distance = strsim::damerau_levenshtein(&word.as_ref().to_lowercase(), &written);
        (distance, word)
    });
    let is_near = |(distance, word): &(usize, K)| {
        let length = word.as_ref().chars().count();
        // A letter may be wrong, or as many as leave more than half of the word.
        *distance < length && (*distance <= 1 || *distance <= 1 + length / 3 && *distance * 2 < length)
    };
    distances.filter(is_near).min().map(|(_, word)| word)
}

/// The question that stands before what there is; nothing where no word is near.
pub(crate) fn did_you_mean<K: AsRef<str> + Ord>(written: &str, known: impl IntoIterator<Item = K>) -> String {
    match nearest(written, known) {
        Some(word) => format!("did you mean `{}`? ", word.as_ref()),
        None => String::new(),
    }
}

/// What stands where a word is expected: the word, its text in quotes, or the end of a path such as `Jitter::None`.
pub(crate) fn written(expr: &Expr) -> Option<String> {
    match (literal(expr), expr) {
        (Some((Lit::Str(text), false)), _) => Some(text.value()),
        (None, Expr::Path(path)) => path.path.segments.last().map(|last| last.ident.to_string()),
        (None, Expr::Group(group)) => written(&group.expr),
        _ => None,
    }
}

/// A word in small letters that nothing but one of `known` can be, where constants are expected and stand in capitals.
pub(crate) fn misspelt<'k>(expr: &Expr, known: &[&'k str]) -> Option<&'k str> {
    let word = match (literal(expr), expr) {
        (Some((Lit::Str(text), false)), _) => text.value(),
        (None, Expr::Path(path)) => path.path.get_ident()?.to_string(),
        _ => return None,
    };
    let is_constant = word.chars().any(char::is_uppercase);
    if is_constant { None } else { nearest(&word, known.iter().copied()) }
}

#[cfg(test)]
mod tests {
    use super::{did_you_mean, misspelt, nearest, written};

    #[test]
    fn the_nearest_word_is_suggested_and_a_far_one_is_not() {
        let known = ["token_bucket", "sliding_window", "fixed_window"];
        for (word, meant) in [
            ("tokenbucket", Some("token_bucket")),
            ("TokenBucket", Some("token_bucket")),
            ("fixed_windw", Some("fixed_window")),
            ("leaky", None),
        ] {
            assert_eq!(nearest(word, known), meant, "{word}");
        }
        assert_eq!(did_you_mean("fixt_window", known), "did you mean `fixed_window`? ");
        assert_eq!(did_you_mean("", known), "");
    }

    #[test]
    fn of_a_word_more_than_half_must_be_left() {
        assert_eq!(nearest("q", ["k"]), None);
        assert_eq!(nearest("okk", ["ok", "p50"]), Some("ok"));
        assert_eq!(nearest("tx", ["id"]), None);
        assert_eq!(nearest("some", ["none"]), None);
    }

    #[test]
    fn a_word_may_be_written_in_quotes_or_as_a_variant() {
        for (written_as, word) in
            [("full", "full"), ("\"full\"", "full"), ("Jitter::Full", "Full"), ("jitter::Full", "Full")]
        {
            assert_eq!(written(&syn::parse_str(written_as).unwrap()).as_deref(), Some(word));
        }
        assert_eq!(written(&syn::parse_str("full()").unwrap()), None);
    }

    #[test]
    fn a_constant_is_no_misspelt_word() {
        let of = |expr: &str| misspelt(&syn::parse_str(expr).unwrap(), &["none"]);
        assert_eq!(
            (of("nonne"), of("\"none\""), of("NONE"), of("of(1)")),
            (Some("none"), Some("none"), None, None)
        );
    }
}
