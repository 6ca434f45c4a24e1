use syn::Ident;

use super::Arguments;
use crate::errors::Errors;

/// Whether the names in `clone(…)` are arguments that can be consumed, each once.
pub(crate) fn check_cloned(names: &[Ident], arguments: &Arguments, errors: &mut Errors) {
    for (index, name) in names.iter().enumerate() {
        let Some(argument) = arguments.find(name) else {
            errors.at(name, arguments.missing(name));
            continue;
        };
        if matches!(argument.ty, syn::Type::Reference(_)) {
            errors.at(
                name,
                format!("`{name}` is a reference: every attempt can use it, so it needs no `clone`"),
            );
        }
        if names[..index].contains(name) {
            errors.at(name, format!("`{name}` is named twice"));
        }
    }
}
