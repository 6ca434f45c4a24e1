use syn::{GenericArgument, PathArguments, ReturnType, Signature, Type, TypeParamBound, visit_mut::VisitMut};

/// What a function gives back, as far as its spelling tells.
pub(crate) struct Returns {
    pub(crate) flavor: Flavor,
    /// The type of the answer, the future's output where it gives a future. `impl Trait` in it has become `_`.
    pub(crate) answer: Type,
    /// The answer's type as it is written, for errors; `None` where nothing is written.
    pub(crate) written: Option<Type>,
    /// Whether `answer` is the whole type, without a `_` for an `impl Trait`.
    pub(crate) is_named: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flavor {
    Sync,
    Async,
    /// A sync function that gives an unnamed future.
    Future,
    /// A sync function that gives a pinned, boxed future, such as `#[async_trait]` makes.
    BoxedFuture,
}

impl Flavor {
    pub(crate) fn is_async(self) -> bool {
        self != Self::Sync
    }
}

impl Returns {
    pub(crate) fn of(sig: &Signature) -> Self {
        let written = match &sig.output {
            ReturnType::Default => None,
            ReturnType::Type(_, ty) => Some((**ty).clone()),
        };
        let (flavor, written) = match (sig.asyncness.is_some(), written) {
            (true, written) => (Flavor::Async, written),
            (false, Some(ty)) => match future_output(&ty) {
                Some((flavor, output)) => (flavor, Some(output)),
                None => (Flavor::Sync, Some(ty)),
            },
            (false, None) => (Flavor::Sync, None),
        };
        let mut answer = written.clone().unwrap_or_else(|| syn::parse_quote!(()));
        let mut infer = InferImplTrait { found: false };
        infer.visit_type_mut(&mut answer);
        Self { flavor, answer, written, is_named: !infer.found }
    }

    /// Whether the spelling shows that this is no `Result` under any alias.
    pub(crate) fn is_surely_no_result(&self) -> bool {
        const KNOWN: [&str; 20] = [
            "bool", "char", "str", "String", "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32",
            "i64", "i128", "isize", "f32", "f64", "Option", "Vec",
        ];
        match &self.written {
            None => true,
            Some(Type::Path(path)) => path.path.segments.last().is_some_and(|last| {
                path.path.segments.len() == 1 && KNOWN.iter().any(|name| last.ident == name)
            }),
            Some(
                Type::Reference(_)
                | Type::Tuple(_)
                | Type::Array(_)
                | Type::Slice(_)
                | Type::Never(_)
                | Type::ImplTrait(_)
                | Type::TraitObject(_)
                | Type::Ptr(_),
            ) => true,
            Some(_) => false,
        }
    }
}

struct InferImplTrait {
    found: bool,
}

impl VisitMut for InferImplTrait {
    fn visit_type_mut(&mut self, ty: &mut Type) {
        if matches!(ty, Type::ImplTrait(_)) {
            *ty = syn::parse_quote!(_);
            self.found = true;
        } else {
            syn::visit_mut::visit_type_mut(self, ty);
        }
    }
}

/// The output of `impl Future<Output = T>`, `Pin<Box<dyn Future<Output = T>>>` and `BoxFuture<'_, T>`.
fn future_output(ty: &Type) -> Option<(Flavor, Type)> {
    match ty {
        Type::ImplTrait(imp) => Some((Flavor::Future, output_of(imp.bounds.iter())?)),
        Type::Path(path) => {
            let last = path.path.segments.last()?;
            let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
            let types = arguments.args.iter().filter_map(|arg| match arg {
                GenericArgument::Type(ty) => Some(ty),
                _ => None,
            });
            let output = match last.ident.to_string().as_str() {
                "Pin" => boxed_output(types.last()?)?,
                "BoxFuture" | "LocalBoxFuture" => types.last()?.clone(),
                _ => return None,
            };
            Some((Flavor::BoxedFuture, output))
        }
        _ => None,
    }
}

fn boxed_output(ty: &Type) -> Option<Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last().filter(|last| last.ident == "Box")?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    arguments.args.iter().find_map(|arg| match arg {
        GenericArgument::Type(Type::TraitObject(object)) => output_of(object.bounds.iter()),
        _ => None,
    })
}

fn output_of<'a>(mut bounds: impl Iterator<Item = &'a TypeParamBound>) -> Option<Type> {
    bounds.find_map(|bound| {
        let TypeParamBound::Trait(bound) = bound else { return None };
        let last = bound.path.segments.last().filter(|last| last.ident == "Future")?;
        let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
        arguments.args.iter().find_map(|arg| match arg {
            GenericArgument::AssocType(assoc) if assoc.ident == "Output" => Some(assoc.ty.clone()),
            _ => None,
        })
    })
}
