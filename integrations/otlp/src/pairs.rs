//! Lists such as `name=value,name2=value2`, of `OTEL_EXPORTER_OTLP_HEADERS`.

/// The pairs, with what is percent-encoded in values decoded; or which of them, counted from 1, is none.
pub(crate) fn read(list: &str) -> Result<Vec<(String, String)>, usize> {
    let members = list.split(',').map(str::trim).enumerate().filter(|(_, member)| !member.is_empty());
    members.map(|(at, member)| pair(member).ok_or(at + 1)).collect()
}

fn pair(member: &str) -> Option<(String, String)> {
    let (key, value) = member.split_once('=')?;
    let key = decoded(key.trim())?;
    (!key.is_empty()).then_some((key, decoded(value.trim())?))
}

fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digit = |byte: Option<u8>| (byte? as char).to_digit(16);
            bytes.push((digit(rest.next())? * 16 + digit(rest.next())?) as u8);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_decoded_and_trimmed() {
        let pairs = read("api-key=s%20e%3Dcret, tenant = shop ,,empty=,also=a=b").unwrap();
        let expected = [("api-key", "s e=cret"), ("tenant", "shop"), ("empty", ""), ("also", "a=b")];
        assert_eq!(pairs, expected.map(|(key, value)| (key.to_owned(), value.to_owned())));
        assert_eq!(read(""), Ok(Vec::new()));
    }

    #[test]
    fn what_is_no_pair_is_named_by_its_place() {
        assert_eq!(read("a=1,b"), Err(2));
        assert_eq!(read("=1"), Err(1));
        assert_eq!(read("a=%4"), Err(1));
        assert_eq!(read("a=%zz"), Err(1));
        assert_eq!(read("a=%ff"), Err(1));
    }
}
