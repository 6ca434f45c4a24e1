use std::fmt;

/// What kind of thing an [`Emoji`] stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Category {
    /// How something went.
    Status,
    /// The life of a service.
    Lifecycle,
    /// What a service talks to.
    Connection,
    /// What it stores.
    Data,
    /// What guards it.
    Protection,
    /// What it trades.
    Business,
    /// Time and speed.
    Time,
}

macro_rules! emoji {
    ($($category:ident { $($name:ident = $text:literal, $meaning:literal;)* })*) => {
        /// A picture that says at a glance what a line is about.
        ///
        /// ```
        /// use mainstay_logging::Emoji;
        ///
        /// assert_eq!(format!("{} Operation completed", Emoji::SUCCESS), "✅ Operation completed");
        /// ```
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Emoji {
            $($(
                #[doc = concat!($text, " ", $meaning)]
                $name,
            )*)*
        }

        impl Emoji {
            /// All of them.
            pub const ALL: &'static [Self] = &[$($(Self::$name,)*)*];

            /// The picture.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $($(Self::$name => $text,)*)*
                }
            }

            /// What kind of thing it stands for.
            pub const fn category(self) -> Category {
                match self {
                    $($(Self::$name => Category::$category,)*)*
                }
            }
        }
    };
}

emoji! {
    Status {
        Success = "✅", "it went well";
        Error = "❌", "it failed";
        Warning = "⚠️", "it went on, but not as it should";
        Info = "ℹ️", "something to know";
        Debug = "🐛", "something to find a fault with";
        Question = "❓", "something that nobody knows yet";
    }
    Lifecycle {
        Start = "🚀", "a service starts";
        Stop = "🛑", "a service stops";
        Restart = "🔄", "a service starts anew";
        Ready = "🟢", "it is ready";
        Degraded = "🟡", "it works in part";
        Down = "🔴", "it does not work";
        Deploy = "📦", "a new version";
        Configuration = "⚙️", "a setting";
        Health = "💓", "a check of its health";
    }
    Connection {
        Network = "🌐", "the network";
        Connected = "🔗", "a connection stands";
        Disconnected = "🔌", "a connection is gone";
        Request = "📥", "something came in";
        Response = "📤", "something went out";
        Message = "📨", "a message or an event";
    }
    Data {
        Database = "🗄️", "a database";
        Cache = "⚡", "a cache";
        File = "📄", "a file";
        Search = "🔍", "a search";
        Save = "💾", "something was stored";
        Delete = "🗑️", "something was removed";
        Metrics = "📊", "figures";
    }
    Protection {
        Locked = "🔒", "something is protected";
        Unlocked = "🔓", "something was opened";
        Key = "🔑", "a key or a login";
        Shield = "🛡️", "a breaker or a limit stepped in";
        Retry = "🔁", "it is tried again";
        Blocked = "⛔", "it was refused";
    }
    Business {
        Money = "💰", "money";
        Trade = "💱", "a trade";
        Rise = "📈", "it rises";
        Fall = "📉", "it falls";
        User = "👤", "somebody";
        Order = "🧾", "an order";
    }
    Time {
        Clock = "⏰", "a time has come";
        Waiting = "⏳", "it takes a while";
        Timer = "⏱️", "how long it took";
        Fast = "🏎️", "it was quick";
        Slow = "🐢", "it was slow";
    }
}

impl Emoji {
    /// [`Emoji::Success`].
    pub const SUCCESS: Self = Self::Success;
    /// [`Emoji::Error`].
    pub const ERROR: Self = Self::Error;
    /// [`Emoji::Warning`].
    pub const WARNING: Self = Self::Warning;
    /// [`Emoji::Info`].
    pub const INFO: Self = Self::Info;
    /// [`Emoji::Debug`].
    pub const DEBUG: Self = Self::Debug;

    /// Those of one kind.
    pub fn of(category: Category) -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(move |emoji| emoji.category() == category)
    }
}

impl fmt::Display for Emoji {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
