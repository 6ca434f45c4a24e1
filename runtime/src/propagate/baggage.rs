use std::{fmt, sync::Arc};

use super::percent;

/// Names and values that travel with a request through every service on its way.
///
/// They are sent to whoever is called, in the clear: nothing secret belongs here. A name is a token of HTTP (letters, digits
/// and ``!#$%&'*+-.^_`|~``); a value is any text. At most 64 members of 8,192 bytes together are kept and sent, as the
/// [standard](https://www.w3.org/TR/baggage/#limits) asks of everyone; a member beyond that is left out whole, and
/// [`dropped`](Self::dropped) counts it.
///
/// ```
/// use mainstay_runtime::propagate::Baggage;
///
/// let baggage = Baggage::parse(["tenant=acme;ttl=60, plan=gold%20plus"]);
/// assert_eq!(baggage.get("plan"), Some("gold plus"));
/// let more = baggage.with("region", "eu").without("plan");
/// assert_eq!(more.to_string(), "tenant=acme;ttl=60,region=eu");
/// ```
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Baggage {
    members: Option<Arc<[Member]>>,
    dropped: u32,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Member {
    name: Box<str>,
    value: Box<str>,
    /// What stands behind the value, as it came.
    properties: Box<str>,
}

/// What everyone on the way has to pass on.
const MEMBERS: usize = 64;
const BYTES: usize = 8192;

impl Baggage {
    /// None.
    pub const fn new() -> Self {
        Self { members: None, dropped: 0 }
    }

    /// Reads all headers of that name, in order. A member that is malformed is left out; of two with one name the last
    /// stands.
    pub fn parse<'v>(headers: impl IntoIterator<Item = &'v str>) -> Self {
        let (mut members, mut dropped) = (Vec::<Member>::new(), 0);
        for member in headers.into_iter().flat_map(|header| header.split(',')) {
            match Member::parse(member) {
                Some(member) => {
                    members.retain(|known| known.name != member.name);
                    members.push(member);
                }
                None if member.trim_matches(SPACE).is_empty() => {}
                None => dropped += 1,
            }
        }
        Self::of(members, dropped)
    }

    fn of(mut members: Vec<Member>, mut dropped: u32) -> Self {
        let (mut kept, mut bytes) = (0, 0);
        members.retain(|member| {
            let with_it = bytes + member.text().len() + usize::from(kept > 0);
            let fits = kept < MEMBERS && with_it <= BYTES;
            if fits {
                (kept, bytes) = (kept + 1, with_it);
            } else {
                dropped += 1;
            }
            fits
        });
        Self { members: (!members.is_empty()).then(|| members.into()), dropped }
    }

    fn members(&self) -> &[Member] {
        self.members.as_deref().unwrap_or_default()
    }

    /// The value of that name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.members().iter().find(|member| &*member.name == name).map(|member| &*member.value)
    }

    /// The names and values, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.members().iter().map(|member| (&*member.name, &*member.value))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.members().len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.members.is_none()
    }

    /// How many members were malformed or had no room, and are not here.
    pub fn dropped(&self) -> u32 {
        self.dropped
    }

    /// The same with this value under that name. A name that is no token is not taken, and counted among
    /// [`dropped`](Self::dropped).
    #[must_use]
    pub fn with(&self, name: &str, value: &str) -> Self {
        if !is_token(name) {
            return Self { members: self.members.clone(), dropped: self.dropped + 1 };
        }
        let mut members = self.without(name).members().to_vec();
        members.push(Member { name: name.into(), value: value.into(), properties: "".into() });
        Self::of(members, self.dropped)
    }

    /// The same without that name.
    #[must_use]
    pub fn without(&self, name: &str) -> Self {
        let members = self.members().iter().filter(|member| &*member.name != name).cloned().collect();
        Self::of(members, self.dropped)
    }
}

/// The value of the header.
impl fmt::Display for Baggage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, member) in self.members().iter().enumerate() {
            if index > 0 {
                f.write_str(",")?;
            }
            f.write_str(&member.text())?;
        }
        Ok(())
    }
}

/// The names alone: values may be of persons.
impl fmt::Debug for Baggage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.members().iter().map(|member| &member.name)).finish()
    }
}

const SPACE: [char; 2] = [' ', '\t'];

impl Member {
    fn parse(member: &str) -> Option<Self> {
        let (pair, properties) = match member.split_once(';') {
            Some((pair, properties)) => (pair, properties.trim_matches(SPACE)),
            None => (member, ""),
        };
        let (name, value) = pair.split_once('=')?;
        let (name, value) = (name.trim_matches(SPACE), value.trim_matches(SPACE));
        let properties_are_plain = properties.bytes().all(|byte| matches!(byte, b'\t' | 0x20..=0x7e));
        if !is_token(name) || !properties_are_plain {
            return None;
        }
        let value = percent::decode(value)?;
        Some(Self { name: name.into(), value: value.into(), properties: properties.into() })
    }

    fn text(&self) -> String {
        let mut text = format!("{}=", self.name);
        percent::encode(&self.value, &mut text);
        if !self.properties.is_empty() {
            text.push(';');
            text.push_str(&self.properties);
        }
        text
    }
}

fn is_token(name: &str) -> bool {
    let is_mark = |byte: u8| b"!#$%&'*+-.^_`|~".contains(&byte);
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || is_mark(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(header: &str) -> Vec<(String, String)> {
        let baggage = Baggage::parse([header]);
        baggage.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    }

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    /// From the examples of the standard.
    #[test]
    fn what_the_standard_shows_is_read() {
        let example =
            "key1=value1;property1;property2, key2 = value2, key3=value3; propertyKey=propertyValue";
        assert_eq!(parsed(example), pairs(&[("key1", "value1"), ("key2", "value2"), ("key3", "value3")]));
        assert_eq!(
            parsed("serverNode=DF%2028,isProduction=false"),
            pairs(&[("serverNode", "DF 28"), ("isProduction", "false")])
        );
        assert_eq!(parsed("userId=Am%C3%A9lie"), pairs(&[("userId", "Amélie")]));
        assert_eq!(parsed("equals=a=b=c"), pairs(&[("equals", "a=b=c")]));
        assert_eq!(parsed("empty="), pairs(&[("empty", "")]));
    }

    #[test]
    fn several_headers_are_one() {
        let baggage = Baggage::parse(["a=1", "b=2,a=3"]);
        assert_eq!(baggage.to_string(), "b=2,a=3");
    }

    #[test]
    fn what_is_malformed_is_left_out_and_counted() {
        let baggage = Baggage::parse(["a=1,,b,=2,c d=3,e=\"4\", f=5"]);
        assert_eq!((baggage.to_string().as_str(), baggage.dropped()), ("a=1,f=5", 4));
        assert!(Baggage::parse(["", " ", ",,"]).is_empty());
        assert_eq!(Baggage::new().with("not a token", "x").dropped(), 1);
    }

    #[test]
    fn properties_go_on_as_they_came() {
        assert_eq!(Baggage::parse(["a=1; x=1 ;y"]).to_string(), "a=1;x=1 ;y");
    }

    #[test]
    fn no_more_is_kept_than_everyone_passes_on() {
        let many: Vec<String> = (0..100).map(|n| format!("k{n}=v")).collect();
        let baggage = Baggage::parse(many.iter().map(String::as_str));
        assert_eq!((baggage.len(), baggage.dropped()), (64, 36));
        let baggage =
            Baggage::new().with("long", &"x".repeat(8000)).with("other", &"é".repeat(100)).with("a", "1");
        assert_eq!((baggage.len(), baggage.dropped()), (2, 1));
        assert!(baggage.to_string().len() <= BYTES);
    }

    #[test]
    fn nothing_that_comes_in_makes_it_panic_and_all_of_it_comes_back() {
        let mut random = fastrand::Rng::with_seed(3);
        for _ in 0..20_000 {
            let header: String = (0..random.usize(0..40))
                .map(|_| {
                    random
                        .choice(["a", "b", "=", ";", ",", "%", " ", "2", "é", "\"", "\\", "\t"])
                        .unwrap_or_default()
                })
                .collect();
            let baggage = Baggage::parse([header.as_str()]);
            let again = Baggage::parse([baggage.to_string().as_str()]);
            assert_eq!(again.to_string(), baggage.to_string(), "{header:?}");
            assert!(again.iter().eq(baggage.iter()), "{header:?}");
        }
    }

    #[test]
    fn values_are_not_shown_where_things_are_debugged() {
        assert_eq!(format!("{:?}", Baggage::parse(["mail=a@b.c"])), r#"{"mail"}"#);
    }
}
