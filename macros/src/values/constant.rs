//! Options that must be constants, because their policy is made once, before any call.

use proc_macro2::Span;
use syn::{
    Expr,
    spanned::Spanned,
    visit::{self, Visit},
};

use crate::{errors::Errors, item::Arguments};

/// Where a mistake in a constant expression is to be reported: on it, if it is the only one.
pub(crate) fn constant_span(constants: &[&Expr]) -> Span {
    match constants {
        [only] => only.span(),
        _ => Span::call_site(),
    }
}

/// An argument cannot be part of a constant.
pub(crate) fn check_constants(constants: &[&Expr], arguments: &Arguments, errors: &mut Errors) {
    let mut uses = Uses { arguments, errors };
    constants.iter().for_each(|expr| uses.visit_expr(expr));
}

struct Uses<'a> {
    arguments: &'a Arguments,
    errors: &'a mut Errors,
}

impl<'ast> Visit<'ast> for Uses<'_> {
    fn visit_expr_path(&mut self, path: &'ast syn::ExprPath) {
        if let Some(word) = path.path.get_ident()
            && (word == "self" || self.arguments.find(word).is_some())
        {
            self.errors.at(
                word,
                format!(
                    "`{word}` is known when a call is made, and this policy is made before: give a constant, or a \
                     policy of your own by `with = …`"
                ),
            );
        }
        visit::visit_expr_path(self, path);
    }
}
