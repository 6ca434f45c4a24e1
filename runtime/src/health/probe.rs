use std::fmt;

/// What is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Probe {
    /// Everything there is: `/health`.
    Overall,
    /// Whether the process must be started anew: `/health/live`. It asks nothing outside of the process.
    Live,
    /// Whether requests may be sent here: `/health/ready`.
    Ready,
    /// Whether the start is over: `/health/started`. Once it was, it stays so.
    Started,
}

impl Probe {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Overall, Self::Live, Self::Ready, Self::Started];

    /// `overall`, `live`, `ready` or `started`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Overall => "overall",
            Self::Live => "live",
            Self::Ready => "ready",
            Self::Started => "started",
        }
    }
}

impl fmt::Display for Probe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The probes that a check belongs to, beside [`Probe::Overall`], to which all belong.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Probes(u8);

impl Probes {
    /// None but [`Probe::Overall`].
    pub const NONE: Self = Self(0);
    /// [`Probe::Live`].
    pub const LIVE: Self = Self(1);
    /// [`Probe::Ready`].
    pub const READY: Self = Self(2);
    /// [`Probe::Started`].
    pub const STARTUP: Self = Self(4);

    /// Those of both.
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether `probe` is among them.
    pub const fn contains(self, probe: Probe) -> bool {
        let bit = match probe {
            Probe::Overall => return true,
            Probe::Live => Self::LIVE,
            Probe::Ready => Self::READY,
            Probe::Started => Self::STARTUP,
        };
        self.0 & bit.0 != 0
    }

    /// Each of them, without [`Probe::Overall`].
    pub fn iter(self) -> impl Iterator<Item = Probe> {
        [Probe::Live, Probe::Ready, Probe::Started].into_iter().filter(move |probe| self.contains(*probe))
    }
}

impl fmt::Debug for Probes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}
