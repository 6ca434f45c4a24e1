/// A name that holds one of these, whatever its case and however its words are joined, names a secret.
const KNOWN: [&str; 20] = [
    "password",
    "passwd",
    "passphrase",
    "passcode",
    "pwd",
    "secret",
    "token",
    "authorization",
    "apikey",
    "accesskey",
    "privatekey",
    "signingkey",
    "encryptionkey",
    "credential",
    "cookie",
    "mnemonic",
    "seedphrase",
    "sessionid",
    "jwt",
    "cvv",
];

/// Names of which only letters and digits count, in lower case.
#[derive(Debug, Clone)]
pub(crate) struct SecretNames {
    secret: Vec<String>,
    /// The letters and digits that they begin with, one bit each.
    initials: u64,
    harmless: Vec<String>,
}

impl Default for SecretNames {
    fn default() -> Self {
        let mut names = Self { secret: Vec::new(), initials: 0, harmless: Vec::new() };
        KNOWN.iter().for_each(|name| names.add(name));
        names
    }
}

impl SecretNames {
    pub(crate) fn add(&mut self, name: &str) {
        let name = plain(name);
        if let Some(first) = name.bytes().next() {
            self.initials |= bit(first);
            self.secret.push(name);
        }
    }

    pub(crate) fn allow(&mut self, name: &str) {
        self.harmless.push(plain(name));
    }

    /// Whether `name` names a secret. A number under a name such as `tokens` or `token_count` is none.
    pub(crate) fn is_secret(&self, name: &str, is_number: bool) -> bool {
        // Field names are short: what follows costs no allocation for them.
        let mut room = [0_u8; 64];
        let mut length = 0;
        for byte in name.bytes().filter(u8::is_ascii_alphanumeric) {
            let Some(place) = room.get_mut(length) else {
                return self.is_plain_secret(&plain(name), is_number);
            };
            *place = byte.to_ascii_lowercase();
            length += 1;
        }
        self.is_plain_secret(std::str::from_utf8(&room[..length]).unwrap_or_default(), is_number)
    }

    /// Whether the name of a secret stands in `name`. Each field of each line is asked for, so that no search is set up for each.
    fn is_within(&self, name: &[u8]) -> bool {
        (0..name.len()).any(|at| {
            self.initials & bit(name[at]) != 0
                && self.secret.iter().any(|secret| name[at..].starts_with(secret.as_bytes()))
        })
    }

    fn is_plain_secret(&self, name: &str, is_number: bool) -> bool {
        let is_count = is_number && ["s", "count", "total", "limit"].iter().any(|end| name.ends_with(end));
        !is_count && self.is_within(name.as_bytes()) && !self.harmless.iter().any(|harmless| name == harmless)
    }
}

/// The bit of a lower-case letter or a digit.
fn bit(byte: u8) -> u64 {
    match byte {
        b'a'..=b'z' => 1 << (byte - b'a'),
        b'0'..=b'9' => 1 << (26 + byte - b'0'),
        _ => 0,
    }
}

fn plain(name: &str) -> String {
    name.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_lowercase() as char).collect()
}
