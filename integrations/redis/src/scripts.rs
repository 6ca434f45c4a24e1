//! The steps that are atomic. Each is about one key, so that a cluster can run it where the key is.

use std::sync::LazyLock;

use redis::Script;

macro_rules! scripts {
    ($($name:ident = $file:literal,)*) => {$(
        pub(crate) static $name: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!(concat!("scripts/", $file))));
    )*};
}

scripts! {
    RESERVE = "reserve.lua",
    RENEW = "renew.lua",
    COMPLETE = "complete.lua",
    RELEASE = "release.lua",
    REMOVE = "remove.lua",
    TOKEN_BUCKET = "token_bucket.lua",
    WINDOW = "window.lua",
}
