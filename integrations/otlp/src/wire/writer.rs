/// Writes fields of messages to a buffer, in the shortest form.
pub(crate) struct Writer<'b>(&'b mut Vec<u8>);

const VARINT: u8 = 0;
const FIXED_64: u8 = 1;
const LENGTH: u8 = 2;
const FIXED_32: u8 = 5;

impl<'b> Writer<'b> {
    /// Appends to `buffer`.
    pub(crate) fn new(buffer: &'b mut Vec<u8>) -> Self {
        Self(buffer)
    }

    /// A whole number, negative ones in two's complement, as `int64`, `bool` and enums are.
    pub(crate) fn varint(&mut self, field: u32, value: u64) {
        self.tag(field, VARINT);
        self.plain_varint(value);
    }

    /// The same, but nothing where it is zero: what a reader takes for absent anyway.
    pub(crate) fn count(&mut self, field: u32, value: u32) {
        if value != 0 {
            self.varint(field, value.into());
        }
    }

    pub(crate) fn fixed64(&mut self, field: u32, value: u64) {
        self.tag(field, FIXED_64);
        self.0.extend_from_slice(&value.to_le_bytes());
    }

    pub(crate) fn fixed32(&mut self, field: u32, value: u32) {
        self.tag(field, FIXED_32);
        self.0.extend_from_slice(&value.to_le_bytes());
    }

    pub(crate) fn bytes(&mut self, field: u32, value: &[u8]) {
        self.tag(field, LENGTH);
        self.plain_varint(value.len() as u64);
        self.0.extend_from_slice(value);
    }

    pub(crate) fn text(&mut self, field: u32, value: &str) {
        self.bytes(field, value.as_bytes());
    }

    /// Bytes that hold fields already.
    pub(crate) fn raw(&mut self, fields: &[u8]) {
        self.0.extend_from_slice(fields);
    }

    /// A message within this one.
    pub(crate) fn message(&mut self, field: u32, write: impl FnOnce(&mut Self)) {
        self.tag(field, LENGTH);
        let at = self.0.len();
        // Most messages are shorter than 128 bytes, whose length takes one byte. Those that are not move on by one or two.
        self.0.push(0);
        write(self);
        let mut length = Vec::new();
        match self.0.len() - at - 1 {
            short @ 0..0x80 => self.0[at] = short as u8,
            long => {
                Writer(&mut length).plain_varint(long as u64);
                self.0.splice(at..=at, length);
            }
        }
    }

    fn tag(&mut self, field: u32, kind: u8) {
        self.plain_varint((u64::from(field) << 3) | u64::from(kind));
    }

    fn plain_varint(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.0.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.0.push(value as u8);
    }
}

#[cfg(test)]
mod tests {
    use prost::Message;

    use super::*;

    #[test]
    fn lengths_of_messages_are_as_short_as_they_can_be() {
        for length in [0, 1, 126, 127, 128, 16_000, 16_383, 16_384, 3_000_000] {
            let text = "x".repeat(length);
            let mut ours = Vec::new();
            Writer::new(&mut ours).message(1, |message| message.text(1, &text));
            // A message in a message, which `Some(Some(text))` is in the crate of the protocol.
            let mut inner = Vec::new();
            prost::encoding::string::encode(1, &text, &mut inner);
            let mut theirs = Vec::new();
            prost::encoding::bytes::encode(1, &inner, &mut theirs);
            assert!(ours == theirs, "{length}");
        }
    }

    #[test]
    fn numbers_are_written_as_prost_writes_them() {
        for value in [0, 1, 127, 128, 300, u64::MAX] {
            let mut ours = Vec::new();
            Writer::new(&mut ours).varint(1, value);
            if value == 0 {
                // It leaves zeros out.
                assert_eq!(ours, [8, 0]);
            } else {
                assert_eq!(ours, value.encode_to_vec());
            }
        }
    }
}
