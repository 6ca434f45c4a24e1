//! The live page: one text, whose style and script are allowed by their hashes and nothing else is.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hyper::{StatusCode, body::Bytes, header};
use sha2::{Digest, Sha256};

use crate::{
    answer::{Answered, answer, with},
    body::Answer,
};

const FRAME: &str = include_str!("page/page.html");
const STYLE: &[&str] = &[
    include_str!("page/tokens.css"),
    include_str!("page/frame.css"),
    include_str!("page/rows.css"),
    include_str!("page/panel.css"),
];
const SCRIPT: &[&str] = &[
    include_str!("page/model.js"),
    include_str!("page/stream.js"),
    include_str!("page/draw.js"),
    include_str!("page/kinds.js"),
    include_str!("page/head.js"),
    include_str!("page/rows.js"),
    include_str!("page/panel.js"),
    include_str!("page/graphs.js"),
    include_str!("page/keys.js"),
];

#[derive(Debug)]
pub(crate) struct Page {
    text: Bytes,
    policy: String,
}

impl Page {
    pub(crate) fn new() -> Self {
        let (style, script) = (STYLE.concat(), format!("\"use strict\";(()=>{{\n{}}})();", SCRIPT.concat()));
        let text = FRAME.replace("/*style*/", &style).replace("/*script*/", &script);
        let hash = |text: &str| STANDARD.encode(Sha256::digest(text.as_bytes()));
        let policy = format!(
            "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; connect-src 'self'; img-src data:; \
             base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
            hash(&style),
            hash(&script)
        );
        Self { text: Bytes::from(text), policy }
    }

    pub(crate) fn answer(&self) -> Answered {
        let page = answer(StatusCode::OK, "text/html; charset=utf-8", Answer::Whole(self.text.clone()));
        with(page, header::CONTENT_SECURITY_POLICY, &self.policy)
    }
}
