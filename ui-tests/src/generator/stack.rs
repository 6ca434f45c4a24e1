//! Random stacks of attributes.

use fastrand::Rng;

use super::{choose, mistakes, one_in, options, oracle, signature::Function};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    Retry,
    CircuitBreaker,
    Timeout,
    RateLimit,
    Bulkhead,
    Fallback,
    Idempotent,
    Cached,
    TraceSpan,
    Metered,
    TimeIt,
    Hedge,
    AdaptiveLimit,
    Throttle,
    Chaos,
}

impl Kind {
    const ALL: [Self; 15] = [
        Self::TraceSpan,
        Self::Metered,
        Self::TimeIt,
        Self::Fallback,
        Self::Cached,
        Self::Idempotent,
        Self::Retry,
        Self::Hedge,
        Self::CircuitBreaker,
        Self::Throttle,
        Self::RateLimit,
        Self::Bulkhead,
        Self::AdaptiveLimit,
        Self::Timeout,
        Self::Chaos,
    ];

    /// Whether it refuses calls; a cache does with a store only, and has none here.
    fn refuses(self) -> bool {
        !matches!(self, Self::Retry | Self::Fallback | Self::Cached | Self::Hedge) && !self.observes()
    }

    /// Whether it looks on, whatever it looks at and however often it stands there.
    pub(super) fn observes(self) -> bool {
        matches!(self, Self::TraceSpan | Self::Metered | Self::TimeIt)
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Retry => "retry",
            Self::CircuitBreaker => "circuit_breaker",
            Self::Timeout => "timeout",
            Self::RateLimit => "rate_limit",
            Self::Bulkhead => "bulkhead",
            Self::Fallback => "fallback",
            Self::Idempotent => "idempotent",
            Self::Cached => "cached",
            Self::TraceSpan => "trace_span",
            Self::Metered => "metered",
            Self::TimeIt => "time_it",
            Self::Hedge => "hedge",
            Self::AdaptiveLimit => "adaptive_limit",
            Self::Throttle => "throttle",
            Self::Chaos => "chaos",
        }
    }
}

/// How an attribute is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) enum Form {
    #[default]
    Imported,
    Path,
    AbsolutePath,
    /// By a path that does not say whose it is.
    OtherPath,
    /// Imported under another name.
    Renamed,
    /// Behind `cfg_attr`.
    Hidden,
}

/// One attribute, and what the oracle needs to know of it.
#[derive(Debug)]
pub(super) struct Layer {
    pub(super) kind: Kind,
    pub(super) form: Form,
    pub(super) options: Vec<String>,
    /// Attributes of others that stand above it.
    pub(super) above: &'static str,
    /// What is wrong with its options, told by a part of the message.
    pub(super) mistakes: &'static [&'static str],
    /// Whether its options cannot be read to the end.
    pub(super) broken: bool,
    /// The limit of a timeout, if it is written as a text.
    pub(super) millis: Option<u64>,
    pub(super) blocking: bool,
    /// Whether a fallback says `on(…)`.
    pub(super) filtered: bool,
    pub(super) map_err: bool,
    pub(super) clones: Vec<&'static str>,
    /// The arguments that a fallback's closure names.
    pub(super) names: Vec<&'static str>,
}

impl Layer {
    pub(super) fn new(kind: Kind) -> Self {
        Self {
            kind,
            form: Form::default(),
            options: Vec::new(),
            above: "",
            mistakes: &[],
            broken: false,
            millis: None,
            blocking: false,
            filtered: false,
            map_err: false,
            clones: Vec::new(),
            names: Vec::new(),
        }
    }

    /// Whether there are calls that it answers with a refusal; `#[chaos]` may have an error of its own.
    pub(super) fn refuses(&self) -> bool {
        self.kind.refuses() && !self.says("error = ")
    }

    /// Whether there is an option that starts so.
    pub(super) fn says(&self, start: &str) -> bool {
        self.options.iter().any(|option| option.starts_with(start))
    }

    pub(super) fn borrows_self(&self) -> bool {
        self.options.iter().any(|option| option.starts_with("with = self"))
    }

    fn attribute(&self) -> String {
        let (name, options) = (self.kind.name(), self.options.join(", "));
        let options = if options.is_empty() { options } else { format!("({options})") };
        let above = self.above;
        match self.form {
            Form::Imported => format!("{above}#[{name}{options}]\n"),
            Form::Path => format!("{above}#[mainstay::{name}{options}]\n"),
            Form::AbsolutePath => format!("{above}#[::mainstay::{name}{options}]\n"),
            Form::OtherPath => format!("{above}#[renamed::{name}{options}]\n"),
            Form::Renamed => format!("{above}#[{name}_again{options}]\n"),
            Form::Hidden => format!("{above}#[cfg_attr(all(), mainstay::{name}{options})]\n"),
        }
    }
}

/// Stacks of which most are right, some are anything, and some have mistakes in their options.
pub(super) fn random(rng: &mut Rng, function: &Function) -> Vec<Layer> {
    let wanted = rng.u32(..10);
    for _ in 0..300 {
        let mut layers = any(rng, function);
        if wanted == 0 {
            let layer = rng.usize(..layers.len());
            mistakes::put(rng, &mut layers[layer]);
        }
        if !oracle::is_decided(function, &layers) {
            continue;
        }
        let expected = oracle::refusals(function, &layers);
        if wanted <= 2 || expected.is_empty() {
            return layers;
        }
    }
    vec![Layer::new(Kind::TimeIt)]
}

fn any(rng: &mut Rng, function: &Function) -> Vec<Layer> {
    let mut kinds = Kind::ALL.to_vec();
    if one_in(rng, 3) {
        rng.shuffle(&mut kinds);
    }
    while kinds.len() > 1 && !one_in(rng, 3) {
        kinds.remove(rng.usize(..kinds.len()));
    }
    if one_in(rng, 8) {
        let place = rng.usize(..=kinds.len());
        kinds.insert(place, *choose(rng, &Kind::ALL));
    }
    if !function.value.is_kept() {
        kinds.retain(|kind| !matches!(kind, Kind::Idempotent | Kind::Cached));
        if kinds.is_empty() {
            kinds.push(Kind::Retry);
        }
    }
    let mut layers: Vec<Layer> = kinds.iter().map(|kind| options::random(rng, *kind, function)).collect();
    for layer in &mut layers {
        layer.form = *choose(
            rng,
            &[
                Form::Imported,
                Form::Imported,
                Form::Imported,
                Form::Path,
                Form::AbsolutePath,
                Form::OtherPath,
                Form::Renamed,
                Form::Hidden,
            ],
        );
        layer.above = choose::<&str>(
            rng,
            &[
                "",
                "",
                "",
                "",
                "/// Text.\n",
                "#[inline]\n",
                "#[allow(unused)]\n",
                "#[cfg(all())]\n",
                "#[cfg_attr(all(), allow(unused))]\n",
                "#[rustfmt::skip]\n",
                "#[doc(hidden)]\n",
            ],
        );
    }
    // `#[inline]` twice is a warning of its own.
    let mut seen = false;
    for layer in &mut layers {
        if layer.above.contains("inline") && std::mem::replace(&mut seen, true) {
            layer.above = "";
        }
    }
    if let Some(map_err) = function.failure.map_err
        && layers.iter().any(Layer::refuses)
        && !one_in(rng, 10)
    {
        let place = rng.usize(..layers.len());
        layers[place].options.push(format!("map_err = {map_err}"));
        layers[place].map_err = true;
    }
    layers
}

/// The attribute whose copies of arguments the body gets: the one that makes copies last.
pub(super) fn repeater(layers: &[Layer]) -> Option<&Layer> {
    let find = |kind| layers.iter().find(|layer| layer.kind == kind);
    find(Kind::Hedge).or_else(|| find(Kind::Retry))
}

pub(super) fn attributes(layers: &[Layer]) -> String {
    layers.iter().map(Layer::attribute).collect()
}

/// Imports of what is written without a path.
pub(super) fn imports(layers: &[Layer]) -> String {
    let mut imports = Vec::new();
    for layer in layers {
        let name = layer.kind.name();
        let import = match layer.form {
            Form::Imported => format!("use mainstay::{name};\n"),
            Form::Renamed => format!("use mainstay::{name} as {name}_again;\n"),
            _ => continue,
        };
        if !imports.contains(&import) {
            imports.push(import);
        }
    }
    imports.concat()
}
