//! Who may order something.

use std::net::{IpAddr, SocketAddr};

use hyper::{
    HeaderMap, StatusCode,
    header::{self, HeaderName},
};
use serde::Serialize;
use subtle::ConstantTimeEq;

use crate::answer::{Answered, text, with};

/// What a request without a token carries, which a page of another origin cannot make a browser send unasked.
pub(crate) const MARK: HeaderName = HeaderName::from_static("x-mainstay-ops");

/// The headers of a proxy, behind which whoever asks is not who connects.
const FORWARDED: [HeaderName; 4] = [
    header::FORWARDED,
    header::VIA,
    HeaderName::from_static("x-forwarded-for"),
    HeaderName::from_static("x-real-ip"),
];

/// How a client may order something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum May {
    /// With the token.
    WithToken,
    /// As it is.
    Freely,
    /// Not at all.
    Read,
}

/// The rules.
pub(crate) struct Access {
    pub(crate) token: Option<String>,
}

impl Access {
    /// What a client may do.
    pub(crate) fn may(&self, headers: &HeaderMap, peer: SocketAddr) -> May {
        match self.token {
            Some(_) => May::WithToken,
            None if is_this_machine(peer.ip())
                && !FORWARDED.iter().any(|name| headers.contains_key(name)) =>
            {
                May::Freely
            }
            None => May::Read,
        }
    }

    /// Whether this request may order something.
    pub(crate) fn check(&self, headers: &HeaderMap, peer: SocketAddr) -> Result<(), Box<Answered>> {
        if !is_of_this_page(headers) {
            return Err(Box::new(text(
                StatusCode::FORBIDDEN,
                "another site's page asked for this: orders are taken from this server's own page, or from no page\n",
            )));
        }
        match (self.may(headers, peer), &self.token) {
            (May::WithToken, Some(token)) => match bearer(headers) {
                Some(given) if bool::from(given.as_bytes().ct_eq(token.as_bytes())) => Ok(()),
                given => {
                    let text = text(
                        StatusCode::UNAUTHORIZED,
                        if given.is_some() {
                            "that is not the token; it is the value of MAINSTAY_OPS_TOKEN, or of OpsServer::token\n"
                        } else {
                            "orders need the token: send it as `Authorization: Bearer …`\n"
                        },
                    );
                    Err(Box::new(with(text, header::WWW_AUTHENTICATE, "Bearer realm=\"mainstay\"")))
                }
            },
            (May::Freely, _) if headers.contains_key(MARK) => Ok(()),
            (May::Freely, _) => Err(Box::new(text(
                StatusCode::FORBIDDEN,
                "send the header `x-mainstay-ops: 1`, which pages of other sites cannot\n",
            ))),
            _ => Err(Box::new(text(
                StatusCode::FORBIDDEN,
                "without a token orders are taken from this machine only: set MAINSTAY_OPS_TOKEN\n",
            ))),
        }
    }
}

fn is_this_machine(ip: IpAddr) -> bool {
    ip.to_canonical().is_loopback()
}

/// Browsers say which page a request comes from; other clients do not.
fn is_of_this_page(headers: &HeaderMap) -> bool {
    let text = |name: HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    let site = text(HeaderName::from_static("sec-fetch-site"));
    let origin = text(header::ORIGIN).map(|origin| origin.split_once("://").map(|(_, host)| host));
    site.is_none_or(|site| matches!(site, "same-origin" | "none"))
        && origin.is_none_or(|origin| origin.is_some() && origin == text(header::HOST))
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

impl std::fmt::Debug for Access {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Access").field("has_token", &self.token.is_some()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: &str = "127.0.0.1:40000";

    fn check(token: Option<&str>, peer: &str, lines: &[(&'static str, &str)]) -> u16 {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, "127.0.0.1:8080".parse().unwrap());
        for (name, value) in lines {
            headers.insert(*name, value.parse().unwrap());
        }
        let access = Access { token: token.map(str::to_owned) };
        match access.check(&headers, peer.parse().unwrap()) {
            Ok(()) => 200,
            Err(answer) => answer.status().as_u16(),
        }
    }

    #[test]
    fn without_a_token_only_this_machine_orders_and_no_page_of_another_site() {
        let mark = ("x-mainstay-ops", "1");
        assert_eq!(check(None, HERE, &[mark]), 200);
        assert_eq!(check(None, "[::1]:1", &[mark]), 200);
        assert_eq!(check(None, "[::ffff:127.0.0.1]:1", &[mark]), 200);
        assert_eq!(check(None, HERE, &[mark, ("origin", "http://127.0.0.1:8080")]), 200);
        assert_eq!(check(None, HERE, &[]), 403);
        assert_eq!(check(None, "10.0.0.7:1", &[mark]), 403);
        assert_eq!(check(None, HERE, &[mark, ("x-forwarded-for", "10.0.0.7")]), 403);
        assert_eq!(check(None, HERE, &[mark, ("forwarded", "for=10.0.0.7")]), 403);
        assert_eq!(check(None, HERE, &[mark, ("origin", "http://evil.example")]), 403);
        assert_eq!(check(None, HERE, &[mark, ("origin", "http://127.0.0.1:8081")]), 403);
        assert_eq!(check(None, HERE, &[mark, ("origin", "null")]), 403);
        assert_eq!(check(None, HERE, &[mark, ("sec-fetch-site", "same-site")]), 403);
        assert_eq!(check(None, HERE, &[mark, ("sec-fetch-site", "same-origin")]), 200);
    }

    #[test]
    fn with_a_token_everybody_needs_it() {
        let token = Some("correct horse battery");
        assert_eq!(check(token, HERE, &[("x-mainstay-ops", "1")]), 401);
        assert_eq!(check(token, HERE, &[("authorization", "Bearer wrong")]), 401);
        assert_eq!(check(token, HERE, &[("authorization", "Basic correct horse battery")]), 401);
        assert_eq!(check(token, "10.0.0.7:1", &[("authorization", "bearer correct horse battery")]), 200);
        let crossed = [("authorization", "Bearer correct horse battery"), ("origin", "http://evil.example")];
        assert_eq!(check(token, HERE, &crossed), 403);
    }
}
