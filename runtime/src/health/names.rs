//! What checks are called.

/// The last part of a type's path in snake case, without its parameters: `order_queue` of `shop::OrderQueue<T>`.
pub(super) fn of_type<T: ?Sized>() -> String {
    let path = std::any::type_name::<T>();
    let bare = path.split('<').next().unwrap_or(path);
    snake_case(bare.rsplit("::").next().unwrap_or(bare))
}

fn snake_case(name: &str) -> String {
    let mut text = String::with_capacity(name.len() + 4);
    let mut letters = name.chars().peekable();
    let mut before: Option<char> = None;
    while let Some(letter) = letters.next() {
        let after_small = before.is_some_and(|before| before.is_lowercase() || before.is_ascii_digit());
        let ends_capitals = before.is_some_and(char::is_uppercase)
            && letters.peek().is_some_and(|next: &char| next.is_lowercase());
        if letter.is_uppercase() && (after_small || ends_capitals) {
            text.push('_');
        }
        text.extend(letter.to_lowercase());
        before = Some(letter);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    struct HTTPGate<T>(T);

    #[test]
    fn a_type_gives_its_name_in_snake_case() {
        assert_eq!(of_type::<HTTPGate<String>>(), "http_gate");
        assert_eq!(of_type::<dyn Send>(), "send");
        let _ = HTTPGate(1).0;
    }
}
