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
    /// By the letter or the digit that they begin with.
    secret: [Vec<String>; INITIALS],
    harmless: Vec<String>,
}

impl Default for SecretNames {
    fn default() -> Self {
        let mut names = Self { secret: [const { Vec::new() }; INITIALS], harmless: Vec::new() };
        KNOWN.iter().for_each(|name| names.add(name));
        names
    }
}

impl SecretNames {
    pub(crate) fn add(&mut self, name: &str) {
        let name = plain(name);
        if let Some(secrets) = name.bytes().next().and_then(|first| self.secret.get_mut(initial(first))) {
            secrets.push(name);
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
            let secrets = self.secret.get(initial(name[at])).map_or(&[][..], Vec::as_slice);
            secrets.iter().any(|secret| name[at..].starts_with(secret.as_bytes()))
        })
    }

    fn is_plain_secret(&self, name: &str, is_number: bool) -> bool {
        let is_count = is_number && ["s", "count", "total", "limit"].iter().any(|end| name.ends_with(end));
        !is_count && self.is_within(name.as_bytes()) && !self.harmless.iter().any(|harmless| name == harmless)
    }
}

/// Letters and digits.
const INITIALS: usize = 36;

/// The place of a lower-case letter or a digit.
fn initial(byte: u8) -> usize {
    match byte {
        b'a'..=b'z' => usize::from(byte - b'a'),
        b'0'..=b'9' => 26 + usize::from(byte - b'0'),
        _ => INITIALS,
    }
}

fn plain(name: &str) -> String {
    name.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_lowercase() as char).collect()
}
