use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::{Expr, LitStr, Path, ext::IdentExt};

use super::{Cx, Kind, Root, common::Common, siblings::Raw, site};
use crate::{
    adaptive_limit, bulkhead, cache_evict, cached, circuit_breaker,
    errors::Errors,
    fallback, hedge, idempotent,
    item::{Arguments, Frame, Function, Returns},
    metered,
    options::{self, Arg, OptionSet, Value},
    rate_limit, retry, throttle, time_it, timeout, trace_span,
    values::{Budget, CratePath, Text},
};

/// What each attribute makes of its options.
pub(crate) trait Room {
    /// Its options.
    fn options(&mut self) -> &mut dyn OptionSet;
    /// What the value in the first place is, such as `a duration`; `None` if it takes none.
    fn primary_is(&self) -> Option<&'static str> {
        None
    }
    /// Reads the value in the first place.
    fn primary(&mut self, _expr: &Expr, _errors: &mut Errors) {}
    /// Rules across its options, and against the function.
    fn check(&self, head: &Head, stack: &Stack, errors: &mut Errors);
    /// The type of the policy and the constant expression that makes it; `None` where there is none of its own.
    fn policy(&self, cx: &Cx<'_>) -> Option<(TokenStream, TokenStream)>;
    /// Code around `inner`, which gives the answer.
    fn wrap(&self, cx: &Cx<'_>, inner: TokenStream) -> TokenStream;
    /// A future around `future`, which is all that is inside; `None` for one that goes around an answer instead.
    fn wrap_future(&self, _cx: &Cx<'_>, _future: &TokenStream) -> Option<TokenStream> {
        None
    }
    /// Whether what is inside runs under a deadline of this attribute.
    fn sets_deadline(&self) -> bool {
        false
    }
    /// Whether the body runs on another thread.
    fn leaves_thread(&self) -> bool {
        false
    }
    /// Whether the time limit around it ends it as a whole, so that nothing inside need ask for it.
    fn is_cut_off_whole(&self) -> bool {
        false
    }
    /// Whether what is inside becomes a future of its own.
    fn encloses(&self) -> bool {
        false
    }
    /// Whether it has a place of its own for what its inside learns about refusals.
    fn owns_flow(&self) -> bool {
        false
    }
    /// Whether it uses arguments after the body has run.
    fn uses_arguments_later(&self) -> bool {
        false
    }
    /// Whether the body gets copies of the arguments.
    fn copies_arguments(&self) -> bool {
        false
    }
    /// Whether it asks for something by the arguments before the body has them.
    fn asks_first(&self) -> bool {
        false
    }
    /// Whether there are calls that it does not let through, if its kind of attribute refuses calls at all.
    fn may_refuse(&self) -> bool {
        true
    }
    /// For looking at one kind of room from outside.
    fn as_timeout(&self) -> Option<&timeout::Room> {
        None
    }
    fn as_fallback(&self) -> Option<&fallback::Room> {
        None
    }
    fn as_retry(&self) -> Option<&retry::Room> {
        None
    }
    fn as_hedge(&self) -> Option<&hedge::Room> {
        None
    }
    /// What pays for its further calls.
    fn budget(&self) -> Option<&Budget> {
        None
    }
}

/// What all layers have.
pub(crate) struct Head {
    pub(crate) kind: Kind,
    /// Of the attribute.
    pub(crate) span: Span,
    /// Its path, if it was taken in from below the attribute being expanded.
    pub(crate) path: Option<Path>,
    /// The options as written.
    pub(crate) text: String,
    /// Whether all options could be read.
    pub(crate) whole: bool,
    /// Whether its policy is a part of `self`.
    pub(crate) borrows_self: bool,
    pub(crate) name: Option<LitStr>,
    /// The constant expression of the policy's name where none is written.
    pub(crate) default_name: TokenStream,
    pub(crate) map_err: Option<Expr>,
}

/// One attribute, read.
pub(crate) struct Layer {
    pub(crate) head: Head,
    pub(crate) room: Box<dyn Room>,
}

/// All attributes of a function, outermost first, and the function as far as they need to know it.
pub(crate) struct Stack {
    pub(crate) root: Root,
    /// The name of the function.
    pub(crate) function: String,
    pub(crate) layers: Vec<Layer>,
    pub(crate) arguments: Arguments,
    pub(crate) returns: Returns,
    pub(crate) frame: Frame,
}

impl Stack {
    pub(crate) fn read(raw: Vec<Raw>, function: &Function, errors: &mut Errors) -> Self {
        let returns = Returns::of(&function.sig);
        let frame = Frame::of(function, returns.flavor);
        let mut krate = None;
        let mut layers: Vec<Layer> = Vec::new();
        for raw in raw {
            let before = layers.iter().filter(|layer| layer.head.kind == raw.kind).count();
            let default_name = site::default_name(&function.sig.ident, before);
            layers.push(Layer::read(raw, default_name, frame.renamed_self, &mut krate, errors));
        }
        let arguments = Arguments::of(&function.sig);
        let name = function.sig.ident.unraw().to_string();
        Self { root: Root::new(krate.as_ref()), function: name, layers, arguments, returns, frame }
    }
}

/// Whether the option is `with` an instance that `self` holds.
fn borrows_self(arg: &Arg) -> bool {
    let Value::Expr(expr) = &arg.value else { return false };
    let is_self =
        |token| matches!(&token, proc_macro2::TokenTree::Ident(word) if word == "self" || word == "__self");
    arg.key.as_ref().is_some_and(|key| key == "with") && expr.to_token_stream().into_iter().any(is_self)
}

/// `self` under another name: `__self` in the bodies that `#[async_trait]` makes.
pub(crate) fn rename_self(tokens: TokenStream, to: &str) -> TokenStream {
    use proc_macro2::{Group, Ident, TokenTree};
    let rename = |token| match token {
        TokenTree::Ident(word) if word == "self" => TokenTree::Ident(Ident::new(to, word.span())),
        TokenTree::Group(group) => {
            let mut renamed = Group::new(group.delimiter(), rename_self(group.stream(), to));
            renamed.set_span(group.span());
            TokenTree::Group(renamed)
        }
        other => other,
    };
    tokens.into_iter().map(rename).collect()
}

impl Layer {
    fn read(
        raw: Raw,
        default_name: TokenStream,
        renamed_self: bool,
        krate: &mut Option<Path>,
        errors: &mut Errors,
    ) -> Self {
        let mut room: Box<dyn Room> = match raw.kind {
            Kind::Retry => Box::<retry::Room>::default(),
            Kind::CircuitBreaker => Box::<circuit_breaker::Room>::default(),
            Kind::Timeout => Box::<timeout::Room>::default(),
            Kind::RateLimit => Box::<rate_limit::Room>::default(),
            Kind::Bulkhead => Box::<bulkhead::Room>::default(),
            Kind::Fallback => Box::<fallback::Room>::default(),
            Kind::Idempotent => Box::<idempotent::Room>::default(),
            Kind::Cached => Box::<cached::Room>::default(),
            Kind::CacheEvict => Box::<cache_evict::Room>::default(),
            Kind::Metered => Box::<metered::Room>::default(),
            Kind::TimeIt => Box::<time_it::Room>::default(),
            Kind::TraceSpan => Box::<trace_span::Room>::default(),
            Kind::Hedge => Box::<hedge::Room>::default(),
            Kind::AdaptiveLimit => Box::<adaptive_limit::Room>::default(),
            Kind::Throttle => Box::<throttle::Room>::default(),
        };
        let attribute = raw.kind.name();
        let text = text_of(raw.options.clone());
        let options = if renamed_self { rename_self(raw.options, "__self") } else { raw.options };
        let options::Split { args, whole } = options::split(options, &room.options().lists(), errors);
        let mut common = Common::default();
        let borrows_self = args.iter().any(borrows_self);
        let mut positional = Vec::new();
        for arg in args {
            let Some(key) = &arg.key else {
                positional.push(arg);
                continue;
            };
            if key == "crate" {
                if let Some(path) = errors.keep(<CratePath as options::Read>::read(&arg)) {
                    krate.get_or_insert(path.0);
                }
            } else if !common.read(&arg, errors) && !room.options().read(&arg, errors) {
                let known: Vec<_> =
                    room.options().names().iter().chain(common.names()).chain(&["crate"]).copied().collect();
                errors.add(options::unknown(attribute, &arg, &known));
            }
        }
        let name = read_positional(attribute, &mut *room, positional, errors);
        let name = match (name, common.name) {
            (Some(_), Some(given)) => {
                errors.at(
                    &given.key,
                    "the name is given twice: keep the text in the first place or `name = …`",
                );
                None
            }
            (name, given) => name.or(given.map(|given| given.value.0)),
        };
        let map_err = common.map_err.map(|given| given.value.0);
        Self {
            head: Head {
                kind: raw.kind,
                span: raw.span,
                path: raw.path,
                text,
                whole,
                borrows_self,
                name,
                default_name,
                map_err,
            },
            room,
        }
    }
}

/// A name first and then the attribute's value, either of them optional.
fn read_positional(
    attribute: &str,
    room: &mut dyn Room,
    positional: Vec<Arg>,
    errors: &mut Errors,
) -> Option<LitStr> {
    let takes_value = room.primary_is().is_some();
    let mut known = room.options().names().to_vec();
    known.extend(Common::default().names());
    known.push("crate");
    let count = positional.len();
    let (mut name, mut has_value) = (None, false);
    for (index, arg) in positional.iter().enumerate() {
        let Value::Expr(expr) = &arg.value else {
            errors.add(options::unknown(attribute, arg, &known));
            continue;
        };
        match crate::values::literal(expr) {
            Some((syn::Lit::Str(text), false)) if index == 0 && (!takes_value || count > 1) => {
                name = errors.keep(Text::checked(text)).map(|text| text.0);
            }
            _ if takes_value && !has_value => {
                has_value = true;
                room.primary(expr, errors);
            }
            _ => errors.add(options::unknown(attribute, arg, &known)),
        }
    }
    name
}

/// The options in one line, spaced as people write them. Texts stay as they are.
fn text_of(options: TokenStream) -> String {
    let tidy = |code: &str| {
        [
            (" (", "("),
            ("( ", "("),
            (" )", ")"),
            (" :: ", "::"),
            (" . ", "."),
            (" ,", ","),
            ("& ", "&"),
            ("| (", "|("),
        ]
        .into_iter()
        .fold(code.split_whitespace().collect::<Vec<_>>().join(" "), |code, (from, to)| {
            code.replace(from, to)
        })
    };
    let mut texts = Vec::new();
    let code = tidy(&with_placeholders(options, &mut texts).to_string());
    let mut parts = code.split(PLACEHOLDER);
    let mut text = parts.next().unwrap_or_default().to_owned();
    for (literal, code) in texts.iter().zip(parts) {
        text.push_str(literal);
        text.push_str(code);
    }
    text.trim_end_matches(',').to_owned()
}

const PLACEHOLDER: &str = "__mainstay_text";

/// The tokens with a word in place of each text, so that spacing never reaches inside one.
fn with_placeholders(tokens: TokenStream, texts: &mut Vec<String>) -> TokenStream {
    use proc_macro2::{Group, Ident, TokenTree};
    let replace = |token| match token {
        TokenTree::Literal(literal) if literal.to_string().contains('"') => {
            texts.push(literal.to_string());
            TokenTree::Ident(Ident::new(PLACEHOLDER, literal.span()))
        }
        TokenTree::Group(group) => {
            TokenTree::Group(Group::new(group.delimiter(), with_placeholders(group.stream(), texts)))
        }
        other => other,
    };
    tokens.into_iter().map(replace).collect()
}

impl Head {
    /// The constant expression of the policy's name.
    pub(crate) fn name_tokens(&self) -> TokenStream {
        match &self.name {
            Some(name) => name.to_token_stream(),
            None => self.default_name.clone(),
        }
    }
}
