use proc_macro2::TokenStream;
use quote::quote;
use syn::{FnArg, Ident, Pat, ReceiverKind, Signature, Type, visit::Visit};

use crate::suggest::did_you_mean;

/// What a function is called with.
pub(crate) struct Arguments {
    pub(crate) receiver: Option<Receiver>,
    /// The word `self` as the signature has it.
    pub(crate) itself: Option<syn::Token![self]>,
    /// Whether it is `mut self`.
    pub(crate) changes_itself: bool,
    pub(crate) typed: Vec<Argument>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Receiver {
    Shared,
    Exclusive,
    Owned,
    /// A type that holds a reference, such as `Pin<&mut Self>`.
    Borrowing,
}

/// One argument: the names its pattern binds, and its type.
pub(crate) struct Argument {
    pub(crate) names: Vec<Ident>,
    pub(crate) ty: Type,
    /// Whether the pattern is one plain name.
    pub(crate) plain: bool,
    /// Whether the pattern binds something `mut`.
    pub(crate) mutable: bool,
}

impl Arguments {
    pub(crate) fn of(sig: &Signature) -> Self {
        let mut arguments = Self { receiver: None, itself: None, changes_itself: false, typed: Vec::new() };
        for input in &sig.inputs {
            match input {
                FnArg::Receiver(receiver) => {
                    arguments.itself = Some(receiver.self_token);
                    arguments.changes_itself = receiver.mutability.is_some();
                    arguments.receiver = Some(match &receiver.kind {
                        ReceiverKind::Value => Receiver::Owned,
                        ReceiverKind::Reference(_, _, None) => Receiver::Shared,
                        ReceiverKind::Reference(_, _, Some(_)) => Receiver::Exclusive,
                        ReceiverKind::Typed(_, ty) if borrows(ty) => Receiver::Borrowing,
                        _ => Receiver::Owned,
                    });
                }
                FnArg::Typed(typed) => {
                    let mut bound = Bound { names: Vec::new(), mutable: false };
                    bound.visit_pat(&typed.pat);
                    arguments.typed.push(Argument {
                        names: bound.names,
                        mutable: bound.mutable,
                        ty: (*typed.ty).clone(),
                        plain: matches!(&*typed.pat, Pat::Ident(pattern) if pattern.subpat.is_none()),
                    });
                }
            }
        }
        arguments
    }

    /// The names that patterns bind, in order.
    pub(crate) fn names(&self) -> impl Iterator<Item = &Ident> {
        self.typed.iter().flat_map(|argument| &argument.names)
    }

    pub(crate) fn find(&self, name: &Ident) -> Option<&Argument> {
        self.typed.iter().find(|argument| argument.names.iter().any(|known| known == name))
    }

    /// What is said of a name that none of them has.
    pub(crate) fn missing(&self, name: &Ident) -> String {
        let known: Vec<_> = self.names().map(ToString::to_string).collect();
        match known.is_empty() {
            true => format!("there is no argument `{name}`: the function takes none by name"),
            false => {
                let hint = did_you_mean(&name.to_string(), &known);
                format!("there is no argument `{name}`; {hint}the arguments are `{}`", known.join("`, `"))
            }
        }
    }

    /// Whether whoever takes them gets copies and leaves them as they are.
    pub(crate) fn are_freely_copied(&self) -> bool {
        matches!(self.receiver, None | Some(Receiver::Shared))
            && self.typed.iter().all(|argument| !argument.mutable && is_freely_copied(&argument.ty))
    }

    /// The arguments that a fallback named by a path is offered, as a tuple: all of them, where handing them over
    /// leaves the body free to use them.
    pub(crate) fn offered(&self) -> Option<TokenStream> {
        let all = self.typed.iter().all(|argument| argument.plain && is_freely_copied(&argument.ty));
        if !all || self.typed.len() > 8 {
            return None;
        }
        let names = self.names();
        Some(quote!((#(#names,)*)))
    }
}

struct Bound {
    names: Vec<Ident>,
    mutable: bool,
}

impl<'ast> Visit<'ast> for Bound {
    fn visit_pat_ident(&mut self, pattern: &'ast syn::PatIdent) {
        self.names.push(pattern.ident.clone());
        self.mutable |= pattern.mutability.is_some();
        syn::visit::visit_pat_ident(self, pattern);
    }

    fn visit_expr(&mut self, _: &'ast syn::Expr) {}
}

/// Whether the spelling shows that a type borrows from somewhere: a reference or a lifetime in it that is not `'static`.
pub(crate) fn borrows(ty: &Type) -> bool {
    let mut found = Borrows(false);
    found.visit_type(ty);
    found.0
}

struct Borrows(bool);

impl<'ast> Visit<'ast> for Borrows {
    fn visit_type_reference(&mut self, reference: &'ast syn::TypeReference) {
        self.0 |= reference.lifetime.is_none();
        syn::visit::visit_type_reference(self, reference);
    }

    fn visit_lifetime(&mut self, lifetime: &'ast syn::Lifetime) {
        self.0 |= lifetime.ident != "static";
    }

    // What a function takes, it does not hold.
    fn visit_type_fn_ptr(&mut self, _: &'ast syn::TypeFnPtr) {}
    fn visit_parenthesized_generic_arguments(&mut self, _: &'ast syn::ParenthesizedGenericArguments) {}
    fn visit_bound_lifetimes(&mut self, _: &'ast syn::BoundLifetimes) {}
}

/// Whether a type is `Copy` by its very spelling: a shared reference or a primitive.
pub(crate) fn is_freely_copied(ty: &Type) -> bool {
    const PRIMITIVES: [&str; 16] = [
        "bool", "char", "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128",
        "isize", "f32", "f64",
    ];
    match ty {
        Type::Reference(reference) => reference.mutability.is_none(),
        Type::Path(path) => {
            path.qself.is_none()
                && path.path.get_ident().is_some_and(|word| PRIMITIVES.iter().any(|name| word == name))
        }
        Type::Paren(paren) => is_freely_copied(&paren.elem),
        Type::Group(group) => is_freely_copied(&group.elem),
        _ => false,
    }
}
