//! Random right options of the attributes that look on.

use fastrand::Rng;

use super::{
    one_in,
    options::maybe,
    signature::{Function, Place},
    stack::Layer,
};

pub(super) fn trace_span(rng: &mut Rng, layer: &mut Layer, function: &Function) {
    let attrs = attrs(rng, function);
    if !attrs.is_empty() {
        layer.options.push(format!("attrs({})", attrs.join(", ")));
    }
    maybe(rng, layer, &["level = debug", "level = error", "level = trace"]);
    maybe(rng, layer, &["kind = server", "kind = client", "kind = internal"]);
    let parents = ["parent = mainstay::trace::current()", "parent = None::<::mainstay::trace::SpanContext>"];
    maybe(rng, layer, &parents);
    maybe(rng, layer, &["err(debug)"]);
    let is_debug = function.value.common && !function.value.ty.contains('T');
    maybe(rng, layer, if is_debug { &["ret", "ret(debug)"] } else { &[""] });
    rng.shuffle(&mut layer.options);
}

/// What is recorded: constants, calls and arguments, each key once.
fn attrs(rng: &mut Rng, function: &Function) -> Vec<String> {
    let mut all: Vec<String> = [
        "few = FEW",
        "\"http.route\" = \"/orders/{id}\"",
        "is.here = true",
        "wait = ?SHORT",
        "half = %HALF",
        "none = None::<u32>",
        "some = Some(few())",
        "r#type = 5_u8",
    ]
    .map(str::to_owned)
    .into();
    for argument in &function.arguments {
        let ty = argument.shape.ty;
        if argument.is_plain() && matches!(ty, "u32" | "&str" | "&'static str" | "String") {
            all.push(format!("argument.{0} = {0}", argument.name));
            all.push(format!("shown.{0} = ?{0}", argument.name));
        }
    }
    if function.receiver.is_some() && function.place != Place::TraitDefault {
        all.push("count = self.count".to_owned());
    }
    rng.shuffle(&mut all);
    all.truncate(if one_in(rng, 2) { 0 } else { rng.usize(1..5) });
    all
}

pub(super) fn metered(rng: &mut Rng, layer: &mut Layer, function: &Function) {
    let mut labels: Vec<String> =
        ["kind = \"a\"", "is_few = FEW > 2", "maybe = Some(true)", "r#type = None::<bool>"]
            .map(str::to_owned)
            .into();
    for argument in function.arguments.iter().filter(|argument| argument.is_plain()) {
        let (name, word) = (argument.name, argument.name.trim_start_matches("r#"));
        match argument.shape.ty {
            "&'static str" => labels.push(format!("text_{word} = {name}")),
            "u32" => labels.push(format!("is_odd_{word} = {name} % 2 == 1")),
            "String" => labels.push(format!("is_long_{word} = {name}.len() > 9")),
            _ => {}
        }
    }
    rng.shuffle(&mut labels);
    labels.truncate(if one_in(rng, 2) { 0 } else { rng.usize(1..4) });
    if !labels.is_empty() {
        layer.options.push(format!("labels({})", labels.join(", ")));
    }
    maybe(rng, layer, BUCKETS);
    let slos = ["slo(ok = 99.9)", "slo(p99 = \"250ms\")", "slo(ok = 50, p999 = \"2s\")"];
    maybe(rng, layer, &slos);
    rng.shuffle(&mut layer.options);
}

pub(super) fn time_it(rng: &mut Rng, layer: &mut Layer) {
    maybe(rng, layer, BUCKETS);
}

const BUCKETS: &[&str] = &["buckets = [\"10ms\", 0.1, 1]", "buckets = [0.5]", "buckets = BOUNDS"];
