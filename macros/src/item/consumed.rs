//! Which by-value arguments a body moves away for certain, so that a second attempt could not have them.
//!
//! Only places where the language always moves a value are looked at, and only names that nothing in the body binds
//! anew; whatever a macro call or a nested closure does with an argument is left to the borrow checker.

use proc_macro2::TokenStream;
use syn::{
    Block, Expr, Ident, Stmt, Type,
    visit::{self, Visit},
};

use super::{Arguments, arguments::is_freely_copied};

/// Each argument with the place where the body consumes it. Nothing if the body does not parse.
pub(crate) fn consumed(arguments: &Arguments, body: &TokenStream) -> Vec<(Ident, Ident)> {
    let Ok(block) = syn::parse2::<Block>(body.clone()) else { return Vec::new() };
    let mut bound = Bound(Vec::new());
    bound.visit_block(&block);
    let candidates = arguments.typed.iter().filter(|argument| {
        !is_freely_copied(&argument.ty) && !matches!(argument.ty, Type::Reference(_) | Type::ImplTrait(_))
    });
    let names: Vec<&Ident> =
        candidates.flat_map(|argument| &argument.names).filter(|name| !bound.0.contains(name)).collect();
    let mut uses = Uses { names, found: Vec::new() };
    uses.visit_block(&block);
    uses.found
}

struct Bound(Vec<Ident>);

impl<'ast> Visit<'ast> for Bound {
    fn visit_pat_ident(&mut self, pattern: &'ast syn::PatIdent) {
        self.0.push(pattern.ident.clone());
    }
}

struct Uses<'n> {
    names: Vec<&'n Ident>,
    found: Vec<(Ident, Ident)>,
}

impl Uses<'_> {
    /// `expr` stands where a value is moved out of it.
    fn moved(&mut self, expr: &Expr) {
        if let Expr::Path(path) = expr
            && let Some(word) = path.path.get_ident()
            && let Some(name) = self.names.iter().find(|name| **name == word)
            && !self.found.iter().any(|(known, _)| known == *name)
        {
            self.found.push(((*name).clone(), word.clone()));
        }
    }
}

impl<'ast> Visit<'ast> for Uses<'_> {
    fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
        call.args.iter().for_each(|arg| self.moved(arg));
        visit::visit_expr_call(self, call);
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        call.args.iter().for_each(|arg| self.moved(arg));
        visit::visit_expr_method_call(self, call);
    }

    fn visit_expr_struct(&mut self, literal: &'ast syn::ExprStruct) {
        literal.fields.iter().for_each(|field| self.moved(&field.expr));
        visit::visit_expr_struct(self, literal);
    }

    fn visit_expr_tuple(&mut self, tuple: &'ast syn::ExprTuple) {
        tuple.elems.iter().for_each(|elem| self.moved(elem));
        visit::visit_expr_tuple(self, tuple);
    }

    fn visit_expr_array(&mut self, array: &'ast syn::ExprArray) {
        array.elems.iter().for_each(|elem| self.moved(elem));
        visit::visit_expr_array(self, array);
    }

    fn visit_block(&mut self, block: &'ast Block) {
        if let Some(Stmt::Expr(tail, None)) = block.stmts.last() {
            self.moved(tail);
        }
        visit::visit_block(self, block);
    }

    fn visit_expr_return(&mut self, leave: &'ast syn::ExprReturn) {
        leave.expr.iter().for_each(|expr| self.moved(expr));
        visit::visit_expr_return(self, leave);
    }

    fn visit_expr_try(&mut self, question: &'ast syn::ExprTry) {
        self.moved(&question.expr);
        visit::visit_expr_try(self, question);
    }

    fn visit_expr_await(&mut self, wait: &'ast syn::ExprAwait) {
        self.moved(&wait.base);
        visit::visit_expr_await(self, wait);
    }

    fn visit_local(&mut self, local: &'ast syn::Local) {
        // `let _ = order;` moves nothing.
        if let Some(init) = &local.init
            && !matches!(local.pat, syn::Pat::Wild(_))
        {
            self.moved(&init.expr);
        }
        visit::visit_local(self, local);
    }

    fn visit_expr_for_loop(&mut self, repeat: &'ast syn::ExprForLoop) {
        self.moved(&repeat.expr);
        visit::visit_expr_for_loop(self, repeat);
    }

    // What a closure, an inner block of code or an inner item does with a name is its own affair.
    fn visit_expr_closure(&mut self, _: &'ast syn::ExprClosure) {}
    fn visit_expr_async(&mut self, _: &'ast syn::ExprAsync) {}
    fn visit_item(&mut self, _: &'ast syn::Item) {}
}
