/// The value of the header `tracestate`: what tracing systems tell each other beside the ids. It is passed on as it came.
///
/// ```
/// use mainstay_runtime::propagate::TraceState;
///
/// let state = TraceState::parse(["congo=t61rcWkgMzE, rojo=00f067aa0ba902b7"]);
/// assert_eq!(state.get("rojo"), Some("00f067aa0ba902b7"));
/// assert_eq!(state.as_str(), "congo=t61rcWkgMzE,rojo=00f067aa0ba902b7");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TraceState(Box<str>);

/// As many members a `tracestate` has at most.
const MEMBERS: usize = 32;

impl TraceState {
    /// Reads all headers of that name, in order. Where one of their members is malformed or there are more than 32, nothing is
    /// taken: half a state would be a wrong one.
    pub fn parse<'v>(values: impl IntoIterator<Item = &'v str>) -> Self {
        let mut members: Vec<(&str, &str)> = Vec::new();
        for member in values.into_iter().flat_map(|value| value.split(',')) {
            let member = member.trim_matches([' ', '\t']);
            if member.is_empty() {
                continue;
            }
            let Some((key, value)) =
                member.split_once('=').filter(|(key, value)| is_key(key) && is_value(value))
            else {
                return Self::default();
            };
            // The first is the newest.
            if members.iter().all(|(known, _)| *known != key) {
                members.push((key, value));
            }
        }
        if members.len() > MEMBERS {
            return Self::default();
        }
        let members: Vec<_> = members.iter().map(|(key, value)| format!("{key}={value}")).collect();
        Self(members.join(",").into())
    }

    /// The value of the header; empty where there is nothing to send.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The value of that key.
    pub fn get(&self, key: &str) -> Option<&str> {
        let members = self.0.split(',').filter_map(|member| member.split_once('='));
        members.into_iter().find_map(|(known, value)| (known == key).then_some(value))
    }
}

/// Level 1 has `tenant@system` beside a simple key, level 2 allows `@` anywhere: the wider rule, with the lengths of level 1.
fn is_key(key: &str) -> bool {
    let is_start = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let is_part = |part: &str, most: usize| {
        let bytes = part.as_bytes();
        let rest = |byte: &u8| is_start(*byte) || matches!(byte, b'_' | b'-' | b'*' | b'/');
        bytes.len() <= most && bytes.first().is_some_and(|first| is_start(*first)) && bytes.iter().all(rest)
    };
    match key.split_once('@') {
        None => is_part(key, 256),
        Some((tenant, system)) => {
            is_part(tenant, 241)
                && is_part(system, 14)
                && system.as_bytes().first().is_some_and(u8::is_ascii_lowercase)
        }
    }
}

fn is_value(value: &str) -> bool {
    let printable = value.bytes().all(|byte| matches!(byte, 0x20..=0x7e) && byte != b'=');
    printable && (1..=256).contains(&value.len()) && !value.ends_with(' ')
}

#[cfg(test)]
mod tests {
    //! The cases of the W3C's own test suite, <https://github.com/w3c/trace-context/tree/main/test>.

    use super::*;

    #[test]
    fn a_tracestate_is_put_together_from_its_headers() {
        let state = TraceState::parse(["foo=1,", " \t", "bar=2 , baz=3"]);
        assert_eq!(state.as_str(), "foo=1,bar=2,baz=3");
        assert_eq!(TraceState::parse(["foo=1", "foo=2"]).as_str(), "foo=1");
        assert!(TraceState::parse([""]).is_empty());
    }

    #[test]
    fn a_tracestate_with_a_malformed_member_is_dropped_as_a_whole() {
        let long = |length| "a".repeat(length);
        for member in [
            "foo",
            "foo=",
            "=1",
            "foo =1",
            "FOO=1",
            "foo.bar=1",
            "foo@=1",
            "@foo=1",
            "foo@@bar=1",
            "foo@1bar=1",
            "foo=1=2",
            "foo=ä",
            "_foo=1",
        ] {
            assert!(TraceState::parse([format!("bar=1,{member}").as_str()]).is_empty(), "{member}");
        }
        for (key, whole) in [
            (long(256), true),
            (long(257), false),
            (format!("{}@v", long(241)), true),
            (format!("{}@v", long(242)), false),
            (format!("t@{}", long(14)), true),
            (format!("t@{}", long(15)), false),
        ] {
            assert_eq!(!TraceState::parse([format!("{key}=1").as_str()]).is_empty(), whole, "{key}");
        }
        assert!(!TraceState::parse([format!("a={}", long(256)).as_str()]).is_empty());
        assert!(TraceState::parse([format!("a={}", long(257)).as_str()]).is_empty());
    }

    #[test]
    fn all_allowed_characters_are_kept() {
        let key = "a0123456789abcdefghijklmnopqrstuvwxyz_-*/";
        let value: String = (0x20u8..=0x7e).filter(|byte| !b",=".contains(byte)).map(char::from).collect();
        let member = format!("{key}={value}");
        assert_eq!(TraceState::parse([member.as_str()]).as_str(), format!("{key}={value}"));
    }

    #[test]
    fn a_tracestate_has_32_members_at_most() {
        let members = |count| (1..=count).map(|n| format!("bar{n:02}={n:02}")).collect::<Vec<_>>().join(",");
        assert_eq!(TraceState::parse([members(32).as_str()]).as_str(), members(32));
        assert!(TraceState::parse([members(33).as_str()]).is_empty());
    }
}
