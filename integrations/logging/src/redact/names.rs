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
    harmless: Vec<String>,
}

impl Default for SecretNames {
    fn default() -> Self {
        Self { secret: KNOWN.map(String::from).to_vec(), harmless: Vec::new() }
    }
}

impl SecretNames {
    pub(crate) fn add(&mut self, name: &str) {
        let name = plain(name);
        if !name.is_empty() {
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

    fn is_plain_secret(&self, name: &str, is_number: bool) -> bool {
        let is_count = is_number && ["s", "count", "total", "limit"].iter().any(|end| name.ends_with(end));
        !is_count
            && self.secret.iter().any(|secret| name.contains(secret.as_str()))
            && !self.harmless.iter().any(|harmless| name == harmless)
    }
}

fn plain(name: &str) -> String {
    name.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_lowercase() as char).collect()
}
