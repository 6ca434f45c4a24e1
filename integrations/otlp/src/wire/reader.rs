/// The fields of a message, in order. What is malformed ends it: a reader of answers does without the rest.
pub(crate) struct Fields<'b>(&'b [u8]);

/// The value of a field.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Value<'b> {
    /// A whole number.
    Varint(u64),
    /// A text, bytes or a message.
    Bytes(&'b [u8]),
    /// Four or eight bytes, which nothing that is read here has.
    Fixed,
}

impl<'b> Value<'b> {
    pub(crate) fn number(self) -> Option<u64> {
        if let Self::Varint(number) = self { Some(number) } else { None }
    }

    pub(crate) fn bytes(self) -> Option<&'b [u8]> {
        if let Self::Bytes(bytes) = self { Some(bytes) } else { None }
    }
}

impl<'b> Fields<'b> {
    pub(crate) fn of(message: &'b [u8]) -> Self {
        Self(message)
    }

    /// The last number of that field.
    pub(crate) fn number(message: &'b [u8], field: u32) -> Option<u64> {
        Self::of(message)
            .filter(|(number, _)| *number == field)
            .filter_map(|(_, value)| value.number())
            .last()
    }

    /// The last bytes of that field.
    pub(crate) fn bytes(message: &'b [u8], field: u32) -> Option<&'b [u8]> {
        Self::of(message).filter(|(number, _)| *number == field).filter_map(|(_, value)| value.bytes()).last()
    }

    /// The last text of that field, with a mark in the place of what is none.
    pub(crate) fn text(message: &'b [u8], field: u32) -> String {
        Self::bytes(message, field)
            .map(|bytes| String::from_utf8_lossy(bytes).into_owned())
            .unwrap_or_default()
    }

    fn varint(&mut self) -> Option<u64> {
        let mut value = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = self.take(1)?[0];
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(value);
            }
        }
        None
    }

    fn take(&mut self, count: usize) -> Option<&'b [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }
}

impl<'b> Iterator for Fields<'b> {
    type Item = (u32, Value<'b>);

    fn next(&mut self) -> Option<Self::Item> {
        let tag = self.varint()?;
        let value = match tag & 7 {
            0 => Value::Varint(self.varint()?),
            1 => self.take(8).map(|_| Value::Fixed)?,
            2 => {
                let length = usize::try_from(self.varint()?).ok()?;
                Value::Bytes(self.take(length)?)
            }
            5 => self.take(4).map(|_| Value::Fixed)?,
            _ => return None,
        };
        Some((u32::try_from(tag >> 3).ok()?, value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Writer;

    #[test]
    fn what_was_written_is_read() {
        let mut message = Vec::new();
        let mut writer = Writer::new(&mut message);
        writer.varint(1, u64::MAX);
        writer.fixed64(2, 7);
        writer.fixed32(3, 7);
        writer.message(500, |inner| inner.text(1, "ü"));
        let fields: Vec<_> = Fields::of(&message).collect();
        assert_eq!(fields[..3], [(1, Value::Varint(u64::MAX)), (2, Value::Fixed), (3, Value::Fixed)]);
        assert_eq!(Fields::text(Fields::bytes(&message, 500).unwrap(), 1), "ü");
        assert_eq!(Fields::number(&message, 1), Some(u64::MAX));
        assert_eq!(Fields::number(&message, 2), None);
    }

    #[test]
    fn malformed_messages_end_and_do_not_panic() {
        for _ in 0..20_000 {
            let length = fastrand::usize(..40);
            let bytes: Vec<u8> = (0..length).map(|_| fastrand::u8(..)).collect();
            assert!(Fields::of(&bytes).count() <= length);
        }
        assert_eq!(Fields::of(&[0xff; 20]).count(), 0);
        assert_eq!(Fields::of(&[0x0a, 0x05, 1]).count(), 0);
    }
}
