use std::any::type_name;

use mainstay_runtime::store::CodecError;
use serde::Serialize;

use super::Output;

/// A value as JSON in the one form that equal values have, after RFC 8785 (JCS).
///
/// No spaces; the names of objects in the order of their UTF-16 code units; numbers as ECMAScript writes them; in strings
/// only what must be escaped is. Two departures keep money and ids exact: integers are written in full, where JCS would
/// round those beyond 2⁵³ to a double, and an `f32` is written as short as an `f32` can be.
///
/// The same text comes of a value and of its JSON that went through another service, whatever the order of names.
///
/// # Errors
/// The value has no JSON, or none that tells it from another: a number that is not finite, a name that occurs twice in one
/// object, a map whose keys are not texts or numbers. The error names the place.
///
/// ```
/// use std::collections::HashMap;
/// use mainstay_json::to_canonical_json;
///
/// let order = HashMap::from([("token", "USDC"), ("amount", "1000")]);
/// assert_eq!(to_canonical_json(&order)?, r#"{"amount":"1000","token":"USDC"}"#);
/// assert_eq!(to_canonical_json(&(1.0, 1e21, u64::MAX))?, "[1,1e+21,18446744073709551615]");
/// assert!(to_canonical_json(&f64::NAN).is_err());
/// # Ok::<(), mainstay_runtime::store::CodecError>(())
/// ```
pub fn to_canonical_json<T: Serialize + ?Sized>(value: &T) -> Result<String, CodecError> {
    let mut output = Output::new();
    value.serialize(&mut output).map_err(|error| {
        let type_name = type_name::<T>();
        CodecError::because(format!("a `{type_name}` cannot be written as canonical JSON: {error}"), error)
    })?;
    Ok(output.into_text())
}
