use super::read::Room;
use crate::{
    errors::Errors,
    stack::{Head, Stack},
};

/// As many fields a span of `tracing` has at most.
pub(super) const MOST: usize = 32;

impl Room {
    pub(super) fn check_options(&self, _head: &Head, stack: &Stack, errors: &mut Errors) {
        let attrs = self.options.attrs.iter().flat_map(|given| &given.value.0);
        let mut known: Vec<&str> = Vec::new();
        for attr in attrs {
            if attr.key.is_empty() {
                errors.add(syn::Error::new(attr.span, "an attribute needs a key, such as \"order.id\""));
            } else if known.contains(&attr.key.as_str()) {
                errors.add(syn::Error::new(attr.span, format!("`{}` is given twice: keep one", attr.key)));
            }
            if known.len() == MOST {
                let problem = format!(
                    "a span takes {MOST} attributes here: add the others in the body, by `add_span_attribute`"
                );
                errors.add(syn::Error::new(attr.span, problem));
            }
            known.push(&attr.key);
        }
        if let Some(given) = &self.options.err
            && stack.returns.is_surely_no_result()
        {
            errors.at(
                &given.key,
                "the function returns no `Result`, so there is no error to record: leave `err` out",
            );
        }
    }
}
