use std::fmt::Write;

/// The value of the header `baggage` of W3C Baggage: what a caller wants everybody further on to know.
///
/// Whatever is in it is sent to all who are called: nothing secret belongs there.
///
/// ```
/// use mainstay_runtime::trace::Baggage;
///
/// let baggage = Baggage::parse(["tenant=acme%20inc;visible, plan=pro"]);
/// assert_eq!(baggage.get("tenant"), Some("acme inc"));
/// assert_eq!(baggage.to_header(), "tenant=acme%20inc;visible,plan=pro");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Baggage {
    members: Vec<Member>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Member {
    key: Box<str>,
    value: Box<str>,
    /// As they came, with the semicolon.
    properties: Box<str>,
}

/// As many members and bytes everybody passes on, by the standard.
const MEMBERS: usize = 64;
const BYTES: usize = 8192;

impl Baggage {
    /// Reads all headers of that name, in order. Members that are malformed are left out, and so are those beyond the 64th and
    /// beyond 8192 bytes.
    pub fn parse<'v>(values: impl IntoIterator<Item = &'v str>) -> Self {
        let mut baggage = Self::default();
        let mut room = BYTES;
        for member in values.into_iter().flat_map(|value| value.split(',')) {
            let member = member.trim_matches([' ', '\t']);
            if baggage.members.len() == MEMBERS || member.len() + 1 > room {
                break;
            }
            if let Some(read) = Member::read(member) {
                room -= member.len() + 1;
                baggage.put(read);
            }
        }
        baggage
    }

    /// The value of that key.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.members.iter().find(|member| &*member.key == key).map(|member| &*member.value)
    }

    /// Sets a value. `false`, and nothing is set, where the key is no token of HTTP or there is no room.
    pub fn set(&mut self, key: &str, value: &str) -> bool {
        let member = Member { key: key.into(), value: value.into(), properties: "".into() };
        let known = self.members.iter().position(|known| *known.key == *key);
        let room = known.is_some() || self.members.len() < MEMBERS;
        if !is_token(key) || !room || self.to_header().len() + member.length() + 1 > BYTES {
            return false;
        }
        self.put(member);
        true
    }

    /// Removes a value.
    pub fn remove(&mut self, key: &str) {
        self.members.retain(|member| &*member.key != key);
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// The keys and their values, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.members.iter().map(|member| (&*member.key, &*member.value))
    }

    /// The value of the header.
    pub fn to_header(&self) -> String {
        let mut header = String::new();
        for (at, member) in self.members.iter().enumerate() {
            if at > 0 {
                header.push(',');
            }
            member.write(&mut header);
        }
        header
    }

    fn put(&mut self, member: Member) {
        match self.members.iter_mut().find(|known| known.key == member.key) {
            Some(known) => *known = member,
            None => self.members.push(member),
        }
    }
}

impl Member {
    fn read(text: &str) -> Option<Self> {
        let (pair, properties) = match text.split_once(';') {
            Some((pair, rest)) => (pair, Some(rest)),
            None => (text, None),
        };
        let (key, value) = pair.split_once('=')?;
        let (key, value) = (key.trim_matches([' ', '\t']), value.trim_matches([' ', '\t']));
        let properties = match properties {
            None => String::new(),
            Some(rest) if rest.bytes().all(|byte| matches!(byte, b'\t' | 0x20..=0x7e)) => format!(";{rest}"),
            Some(_) => return None,
        };
        let value = decoded(value)?;
        is_token(key).then(|| Self { key: key.into(), value: value.into(), properties: properties.into() })
    }

    fn write(&self, header: &mut String) {
        header.push_str(&self.key);
        header.push('=');
        for byte in self.value.bytes() {
            if is_plain(byte) && byte != b'%' {
                header.push(char::from(byte));
            } else {
                // Writing to a text does not fail.
                let _ = write!(header, "%{byte:02X}");
            }
        }
        header.push_str(&self.properties);
    }

    fn length(&self) -> usize {
        let mut text = String::new();
        self.write(&mut text);
        text.len()
    }
}

/// A `baggage-octet`.
fn is_plain(byte: u8) -> bool {
    matches!(byte, 0x21 | 0x23..=0x2b | 0x2d..=0x3a | 0x3c..=0x5b | 0x5d..=0x7e)
}

fn is_token(key: &str) -> bool {
    !key.is_empty()
        && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

/// The text with its percent signs resolved; what is no UTF-8 then becomes the replacement character.
pub(super) fn decoded(value: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.bytes();
    while let Some(byte) = rest.next() {
        if !is_plain(byte) {
            return None;
        }
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
        let (high, low) = (digit(rest.next())?, digit(rest.next())?);
        bytes.push((high * 16 + low) as u8);
    }
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_read_with_white_space_properties_and_percent_signs() {
        let baggage = Baggage::parse(["a = 1 ; p = x;q , b=%C3%A4%2C", "c=", "a=2"]);
        let members: Vec<_> = baggage.iter().collect();
        assert_eq!(members, [("a", "2"), ("b", "ä,"), ("c", "")]);
        assert_eq!(baggage.to_header(), "a=2,b=%C3%A4%2C,c=");
    }

    #[test]
    fn what_is_malformed_is_left_out_alone() {
        let baggage = Baggage::parse(["a=1,b,=2,c d=3,e=\"4\",f=%4,g=%zz,h=5"]);
        assert_eq!(baggage.iter().map(|(key, _)| key).collect::<Vec<_>>(), ["a", "h"]);
    }

    #[test]
    fn there_are_limits() {
        let many: Vec<_> = (0..100).map(|n| format!("k{n}=v")).collect();
        assert_eq!(Baggage::parse([many.join(",").as_str()]).iter().count(), 64);
        let long = format!("a={},b=1", "x".repeat(9000));
        assert!(Baggage::parse([long.as_str()]).is_empty());
        let mut baggage = Baggage::default();
        assert!(!baggage.set("no token", "1") && !baggage.set("a", &"x".repeat(9000)));
        assert!(baggage.set("a", "b c") && baggage.set("a", "d\u{7f}"));
        assert_eq!(baggage.to_header(), "a=d%7F");
        baggage.remove("a");
        assert!(baggage.is_empty());
    }
}
