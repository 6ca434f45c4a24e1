use mainstay::metrics::LabelValue;

#[derive(Debug, Clone, PartialEq, Eq, Hash, LabelValue)]
enum Status {
    NotFound,
    #[label("not_found")]
    Gone,
}

fn main() {}
