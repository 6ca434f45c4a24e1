use mainstay::metrics::LabelValue;

#[derive(Debug, Clone, PartialEq, Eq, Hash, LabelValue)]
enum Status {
    Ok,
    Other(String),
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, LabelValue)]
struct User {
    name: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, LabelValue)]
enum Generic<T> {
    #[label("")]
    One,
    Two(T),
}

fn main() {}
