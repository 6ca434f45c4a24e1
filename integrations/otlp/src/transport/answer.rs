use serde_json::Value;

use crate::wire::Fields;

/// What a collector said to spans that it has taken.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Answer {
    /// How many it has refused for good.
    pub(crate) rejected: u64,
    /// Why, or what it wants changed.
    pub(crate) message: String,
}

impl Answer {
    /// Reads an `ExportTraceServiceResponse`.
    pub(crate) fn read(response: &[u8]) -> Self {
        let Some(partial) = Fields::bytes(response, 1) else { return Self::default() };
        // It is signed; nobody refuses less than nothing.
        let rejected = Fields::number(partial, 1).and_then(|count| i64::try_from(count).ok()).unwrap_or(0);
        Self { rejected: rejected.unsigned_abs(), message: Fields::text(partial, 2) }
    }

    /// The same in JSON, where a number of 64 bits may be a text.
    pub(crate) fn read_json(response: &[u8]) -> Self {
        let response: Value = serde_json::from_slice(response).unwrap_or_default();
        let partial = &response["partialSuccess"];
        let count = &partial["rejectedSpans"];
        let rejected = count.as_i64().or_else(|| count.as_str()?.parse().ok()).unwrap_or(0).unsigned_abs();
        Self { rejected, message: partial["errorMessage"].as_str().unwrap_or_default().to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use opentelemetry_proto::tonic::collector::trace::v1::{
        ExportTracePartialSuccess, ExportTraceServiceResponse,
    };
    use prost::Message;

    use super::*;

    fn read(rejected_spans: i64, error_message: &str) -> Answer {
        let error_message = error_message.to_owned();
        let partial_success = Some(ExportTracePartialSuccess { rejected_spans, error_message });
        Answer::read(&ExportTraceServiceResponse { partial_success }.encode_to_vec())
    }

    #[test]
    fn a_partial_success_is_read() {
        assert_eq!(read(3, "too old"), Answer { rejected: 3, message: "too old".to_owned() });
        assert_eq!(read(0, "use gzip"), Answer { rejected: 0, message: "use gzip".to_owned() });
        assert_eq!(read(-1, ""), Answer::default());
    }

    #[test]
    fn a_partial_success_in_json_is_read_with_numbers_as_numbers_and_as_texts() {
        for count in ["3", "\"3\""] {
            let words =
                format!(r#"{{"partialSuccess":{{"rejectedSpans":{count},"errorMessage":"too old"}}}}"#);
            let expected = Answer { rejected: 3, message: "too old".to_owned() };
            assert_eq!(Answer::read_json(words.as_bytes()), expected);
        }
        for words in ["", "{}", "<html>", "[1]", r#"{"partialSuccess":null}"#] {
            assert_eq!(Answer::read_json(words.as_bytes()), Answer::default());
        }
    }

    #[test]
    fn an_answer_without_words_is_a_success() {
        assert_eq!(Answer::read(&[]), Answer::default());
        assert_eq!(Answer::read(b"<html>"), Answer::default());
    }
}
