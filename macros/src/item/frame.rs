//! Where in a function the stack goes, and what it runs at its core.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Block, Expr, Local, Pat, Stmt};

use super::{Flavor, Function};

/// The function's body taken apart.
pub(crate) struct Frame {
    /// Statements that run before the future is made, where the function gives one.
    pub(crate) before: TokenStream,
    pub(crate) wrap: Wrap,
    /// Statements inside the future that only rename the arguments.
    pub(crate) prelude: TokenStream,
    pub(crate) leaf: Leaf,
    /// Whether `self` is called `__self` inside, as `#[async_trait]` has it.
    pub(crate) renamed_self: bool,
}

/// What the stack is put into.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wrap {
    /// The function's own body.
    Body,
    /// `async move { … }`
    AsyncBlock,
    /// `Box::pin(async move { … })`
    BoxedAsyncBlock,
}

/// What runs once per attempt.
pub(crate) enum Leaf {
    /// The user's own block, in the user's own braces: they are where rustc reports what is wrong with its end.
    Block(TokenStream),
    /// A block whose value is a future.
    MakesFuture(TokenStream),
}

impl Frame {
    pub(crate) fn of(function: &Function, flavor: Flavor) -> Self {
        let body = function.body.to_token_stream();
        let wrap = match flavor {
            Flavor::Sync | Flavor::Async => {
                return Self {
                    before: TokenStream::new(),
                    wrap: Wrap::Body,
                    prelude: TokenStream::new(),
                    leaf: Leaf::Block(body),
                    renamed_self: false,
                };
            }
            Flavor::Future => Wrap::AsyncBlock,
            Flavor::BoxedFuture => Wrap::BoxedAsyncBlock,
        };
        Self::around_async_block(&body, wrap).unwrap_or(Self {
            before: TokenStream::new(),
            wrap,
            prelude: TokenStream::new(),
            leaf: Leaf::MakesFuture(body),
            renamed_self: false,
        })
    }

    /// For a body that ends in `async { … }` or `Box::pin(async { … })`.
    fn around_async_block(body: &TokenStream, wrap: Wrap) -> Option<Self> {
        let block: Block = syn::parse2(body.clone()).ok()?;
        let (last, before) = block.stmts.split_last()?;
        let Stmt::Expr(last, None) = last else { return None };
        let inner = match (wrap, last) {
            (Wrap::AsyncBlock, Expr::Async(inner)) => inner,
            (Wrap::BoxedAsyncBlock, Expr::Call(call)) if is_box_pin(&call.func) => match call.args.first()? {
                Expr::Async(inner) if call.args.len() == 1 => inner,
                _ => return None,
            },
            _ => return None,
        };
        let mut frame = Self {
            before: quote!(#(#before)*),
            wrap,
            prelude: TokenStream::new(),
            leaf: Leaf::Block(TokenStream::new()),
            renamed_self: false,
        };
        match async_trait_parts(&inner.block) {
            Some((renames, user_block)) => {
                frame.renamed_self = renames.iter().any(|local| is_named(&local.pat, "__self"));
                // One that is cloned for each attempt need not be `mut` here.
                frame.prelude = quote!(#(#[allow(unused_mut)] #renames)*);
                frame.leaf = Leaf::Block(user_block.to_token_stream());
            }
            None => {
                frame.leaf = Leaf::Block(inner.block.to_token_stream());
            }
        }
        Some(frame)
    }
}

fn is_box_pin(path: &Expr) -> bool {
    let Expr::Path(path) = path else { return false };
    let mut last = path.path.segments.iter().rev().map(|segment| &segment.ident);
    last.next().is_some_and(|word| word == "pin") && last.next().is_some_and(|word| word == "Box")
}

fn is_named(pattern: &Pat, name: &str) -> bool {
    matches!(pattern, Pat::Ident(pattern) if pattern.ident == name)
}

/// The renaming statements and the user's block of what `#[async_trait]` makes of a method:
/// `if let Some(__ret) = None::<T> { return __ret; } let __self = self; … let __ret: T = { user }; __ret`.
fn async_trait_parts(block: &Block) -> Option<(Vec<&Local>, &Block)> {
    let (fake_return, rest) = block.stmts.split_first()?;
    let is_fake = matches!(fake_return, Stmt::Expr(Expr::If(_), _))
        && fake_return.to_token_stream().to_string().contains("__ret");
    let (answer, rest) = rest.split_last()?;
    let is_answer = matches!(answer, Stmt::Expr(Expr::Path(path), None) if path.path.is_ident("__ret"));
    let (result, renames) = rest.split_last()?;
    let Stmt::Local(result) = result else { return None };
    let is_result = matches!(&result.pat, Pat::Type(typed) if is_named(&typed.pat, "__ret"));
    let Some(Expr::Block(user)) = result.init.as_ref().map(|init| &*init.expr) else { return None };
    if !(is_fake && is_answer && is_result) {
        return None;
    }
    let renames = renames.iter().map(|stmt| match stmt {
        Stmt::Local(local) => Some(local),
        _ => None,
    });
    Some((renames.collect::<Option<_>>()?, &user.block))
}
