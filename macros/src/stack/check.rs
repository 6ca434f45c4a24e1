use super::{
    Kind,
    layer::{Layer, Stack},
    order,
};
use crate::{
    errors::Errors,
    item::{Function, Leaf, consumed},
};

impl Stack {
    /// Everything that can be seen to be wrong, all at once.
    pub(crate) fn check(&self, function: &Function, errors: &mut Errors) {
        if let Some(token) = &function.sig.constness {
            errors
                .at(token, "a `const fn` keeps no state and cannot wait: take `const` or the attribute away");
        }
        if let Some(variadic) = &function.sig.variadic {
            errors.at(variadic, "a variadic function cannot be annotated");
        }
        let only_observes = self.layers.iter().all(|layer| layer.head.kind.observes());
        if !only_observes && self.returns.is_surely_no_result() {
            let advice = "a function under a policy returns a `Result`: it must be able to say that a call was refused \
                          or failed; write for example `Result<T, MyError>` with `MyError: From<mainstay::Error>`";
            match &self.returns.written {
                Some(written) => errors.at(written, advice),
                None => errors.at(&function.sig.ident, advice),
            }
        }
        for layer in self.layers.iter().filter(|layer| layer.head.whole) {
            layer.room.check(&layer.head, self, errors);
        }
        self.check_map_err(errors);
        order::check(self, errors);
    }

    /// A `map_err` serves its own attribute, and the first of them those without one.
    fn check_map_err(&self, errors: &mut Errors) {
        let refuses = |index: usize| {
            let Layer { head, room } = &self.layers[index];
            // A time limit further out is told of by the attributes inside that wait.
            ((head.kind.refuses() || head.kind == Kind::Chaos) && room.may_refuse())
                || self.layers[..index].iter().any(|outer| outer.room.sets_deadline())
        };
        let layers = || self.layers.iter().enumerate();
        let serves_others = layers().any(|(index, layer)| layer.head.map_err.is_none() && refuses(index));
        let first = self.layers.iter().position(|layer| layer.head.map_err.is_some());
        for (index, layer) in layers() {
            let Some(map_err) = &layer.head.map_err else { continue };
            if refuses(index) || (first == Some(index) && serves_others) {
                continue;
            }
            let name = layer.head.kind.name();
            let without = match layer.head.kind {
                Kind::Chaos => " that has an `error` of its own",
                _ => "",
            };
            errors.at(
                map_err,
                format!(
                    "there is nothing to map: `#[{name}]` refuses no call{without}, and no other attribute here needs \
                     this; leave `map_err` out"
                ),
            );
        }
    }

    /// The arguments that the body consumes although a retry may need them again, each with the place.
    pub(crate) fn consumed_under_retry(&self) -> Vec<(syn::Ident, syn::Ident)> {
        let retry = self.layers.iter().find_map(|layer| layer.room.as_retry());
        let hedge = self.layers.iter().find_map(|layer| layer.room.as_hedge());
        if retry.is_none() && hedge.is_none() {
            return Vec::new();
        }
        let body = match &self.frame.leaf {
            Leaf::Block(body) | Leaf::MakesFuture(body) => body,
        };
        let mut consumed = consumed(&self.arguments, body);
        // What a hedge clones stays where it is, for a retry around it too.
        consumed.retain(|(name, _)| match (hedge, retry) {
            (Some(hedge), _) => !hedge.clones(name),
            (None, Some(retry)) => !retry.clones(name),
            (None, None) => false,
        });
        consumed
    }

    /// The attribute that runs the body more than once: the one that makes copies last, if there are two.
    pub(super) fn repeater(&self) -> &'static str {
        let has_hedge = self.layers.iter().any(|layer| layer.room.as_hedge().is_some());
        if has_hedge { "hedge" } else { "retry" }
    }
}
