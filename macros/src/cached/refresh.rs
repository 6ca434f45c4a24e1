//! `stale_for`: the load goes on without the call, so it owns what it needs.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{Type, ext::IdentExt};

use super::{read::Room, write::Names};
use crate::{
    item::{Argument, Receiver},
    stack::{Cx, rename_self},
};

/// What the body calls `self` once it owns a copy of it.
const ITSELF: &str = "__mainstay_self";

/// What comes before the load, and what the load begins with.
#[derive(Default)]
struct Owned {
    before: TokenStream,
    inside: TokenStream,
}

impl Room {
    pub(super) fn refreshing(&self, cx: &Cx<'_>, names: &Names, inner: TokenStream) -> TokenStream {
        let (root, span, lead) = (cx.root, Span::mixed_site(), &names.lead);
        let owned = owned(cx);
        let renames = cx.stack.arguments.receiver.is_some() && !cx.stack.frame.renamed_self;
        let inner = if renames { rename_self(inner, ITSELF) } else { inner };
        let leader = self.leader(cx, names, inner, &None);
        let leader = if renames { rename_self(leader, ITSELF) } else { leader };
        let (declared, ran) = (cx.stack.declared_flow(), cx.stack.note_ran());
        let (given, taken, learned) = match declared.is_empty() {
            true => {
                let answer = quote_spanned!(span=> __mainstay_answer);
                (answer.clone(), answer, TokenStream::new())
            }
            false => {
                let flow = cx.flow();
                (
                    quote_spanned!(span=> (__mainstay_answer, #flow)),
                    quote_spanned!(span=> (__mainstay_answer, __mainstay_known)),
                    cx.stack.note_flow(&quote_spanned!(span=> __mainstay_known)),
                )
            }
        };
        let Owned { before, inside } = owned;
        let load = quote_spanned! {span=> {
            #inside
            #declared
            let __mainstay_answer = #leader;
            #given
        }};
        let label = cx.label();
        let (load, refresh, run) = match cx.is_async() {
            true => (
                quote_spanned!(span=> async move #load),
                quote_spanned!(span=> refresh),
                cx.within_deadline(
                    span,
                    &quote_spanned!(span=> __mainstay_load),
                    |late| quote_spanned!(span=> break #label #late),
                ),
            ),
            false => (
                quote_spanned!(span=> move || #load),
                quote_spanned!(span=> refresh_on_thread),
                quote_spanned!(span=> __mainstay_load()),
            ),
        };
        let turn = self.turn(
            cx,
            quote_spanned! {span=>
                #root::cached::Turn::Stale(__mainstay_value, __mainstay_lead) => {
                    (::core::option::Option::Some(__mainstay_value), __mainstay_lead)
                }
                #root::cached::Turn::Lead(__mainstay_lead) => (::core::option::Option::None, __mainstay_lead),
            },
        );
        let value = Ident::new("__mainstay_value", span);
        let stale = cx.answer_of("Ok", &value);
        quote_spanned! {span=>
            #[allow(unused_mut)]
            let (__mainstay_stale, mut #lead) = #turn;
            #before
            let __mainstay_load = #load;
            match __mainstay_stale {
                ::core::option::Option::Some(#value) => {
                    #root::cached::#refresh(__mainstay_load);
                    #ran
                    #stale
                }
                ::core::option::Option::None => {
                    let #taken = #run;
                    #learned
                    __mainstay_answer
                }
            }
        }
    }
}

/// Copies of the arguments and of `self`.
fn owned(cx: &Cx<'_>) -> Owned {
    let mut owned = Owned::default();
    let arguments = &cx.stack.arguments;
    if let (Some(receiver), Some(itself)) = (arguments.receiver, &arguments.itself) {
        let (from, to) = match cx.stack.frame.renamed_self {
            true => (Ident::new("__self", itself.span), Ident::new("__self", itself.span)),
            false => (Ident::new("self", itself.span), Ident::new(ITSELF, itself.span)),
        };
        owned.take(cx, &from, &to, receiver == Receiver::Shared, false);
    }
    for argument in &arguments.typed {
        let Argument { names, ty, plain, mutable } = argument;
        let is_reference = *plain && matches!(ty, Type::Reference(_));
        for name in names {
            owned.take(cx, name, name, is_reference, *mutable);
        }
    }
    owned
}

impl Owned {
    fn take(&mut self, cx: &Cx<'_>, from: &Ident, to: &Ident, is_reference: bool, is_mutable: bool) {
        let (root, span) = (cx.root.at(from.span()), from.span().resolved_at(Span::mixed_site()));
        let kept = Ident::new(&format!("__mainstay_owned_{}", from.unraw()), span);
        let mutable = is_mutable.then(|| quote!(mut));
        if is_reference {
            self.before.extend(quote_spanned!(span=> let #kept = #root::cached::own(#from);));
            self.inside.extend(quote_spanned! {span=>
                #[allow(unused_variables, unused_mut)]
                let #mutable #to = #root::cached::Owned::lend(&#kept);
            });
        } else {
            self.before.extend(quote_spanned!(span=> let #kept = ::core::clone::Clone::clone(&#from);));
            self.inside.extend(quote_spanned! {span=>
                #[allow(unused_variables, unused_mut)]
                let #mutable #to = #kept;
            });
        }
    }
}
