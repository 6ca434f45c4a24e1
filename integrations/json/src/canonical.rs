use mainstay_runtime::store::CodecError;
use serde::Serialize;

/// A value as JSON in the one form that equal values have: no spaces, the names of objects in order.
///
/// # Errors
/// The value cannot be written as JSON.
pub fn to_canonical_json<T: Serialize + ?Sized>(value: &T) -> Result<String, CodecError> {
    let problem = |error: serde_json::Error| {
        let type_name = std::any::type_name::<T>();
        CodecError::because(format!("a `{type_name}` cannot be written as JSON: {error}"), error)
    };
    // A `Value` keeps the names of objects in order.
    let value = serde_json::to_value(value).map_err(problem)?;
    serde_json::to_string(&value).map_err(problem)
}
