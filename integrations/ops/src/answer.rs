//! The forms of answers.

use hyper::{
    Response, StatusCode,
    body::Bytes,
    header::{self, HeaderName, HeaderValue},
};
use serde::Serialize;

use crate::body::Answer;

pub(crate) type Answered = Response<Answer>;

/// What every answer says: it is for now, for this page, and nothing but what it claims to be.
const ALWAYS: [(HeaderName, &str); 5] = [
    (header::CACHE_CONTROL, "no-store"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

pub(crate) fn answer(status: StatusCode, kind: &'static str, body: Answer) -> Answered {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    for (name, value) in ALWAYS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

pub(crate) fn text(status: StatusCode, text: impl Into<Bytes>) -> Answered {
    answer(status, "text/plain; charset=utf-8", Answer::Whole(text.into()))
}

pub(crate) fn json(status: StatusCode, text: impl Into<Bytes>) -> Answered {
    answer(status, "application/json", Answer::Whole(text.into()))
}

/// A value as JSON. What we give cannot fail to be written; if it did, it is told.
pub(crate) fn written(value: &impl Serialize) -> Answered {
    match serde_json::to_vec(value) {
        Ok(bytes) => json(StatusCode::OK, bytes),
        Err(error) => {
            text(StatusCode::INTERNAL_SERVER_ERROR, format!("cannot be written as JSON: {error}\n"))
        }
    }
}

pub(crate) fn with(mut answered: Answered, name: HeaderName, value: &str) -> Answered {
    if let Ok(value) = HeaderValue::from_str(value) {
        answered.headers_mut().insert(name, value);
    }
    answered
}
