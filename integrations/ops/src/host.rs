//! Whether a request was meant for this server, or for a name that somebody else's page was told to look for here.

use std::net::IpAddr;

use mainstay_serve::ServerError;

/// The environment variable of the names that are allowed.
pub(crate) const HOSTS: &str = "MAINSTAY_OPS_HOSTS";
const METHOD: &str = "OpsServer::allow_host";

/// Domains that nobody can register, under which a name means what the own network says.
const PRIVATE: [&str; 9] =
    ["localhost", "local", "internal", "intranet", "lan", "home.arpa", "test", "svc", "cluster.local"];

/// Whether a page of somebody else's cannot have that name: an address, a name without a dot, one of a private domain, or one
/// that is allowed.
pub(crate) fn is_ours(host: &str, allowed: &[String]) -> bool {
    let name = without_port(host).trim_end_matches('.');
    if name.is_empty() || name.len() > 253 {
        return false;
    }
    let is_address = name.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>().is_ok();
    let ends = |domain: &&str| {
        let (Some(start), domain) = (name.len().checked_sub(domain.len()), *domain) else { return false };
        let end = name.get(start..).is_some_and(|end| end.eq_ignore_ascii_case(domain));
        end && (start == 0 || name.as_bytes()[start - 1] == b'.')
    };
    is_address
        || (!name.contains('.')
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)))
        || PRIVATE.iter().any(ends)
        || allowed.iter().any(|allowed| allowed.eq_ignore_ascii_case(name))
}

/// The names that are allowed, by code and by the variable; an error where one could never be asked for.
pub(crate) fn allowed(given: Vec<String>, variable: &str) -> Result<Vec<String>, ServerError> {
    let listed = variable.split(',').map(str::trim).filter(|name| !name.is_empty());
    let given = given.iter().map(|name| (METHOD, name.trim()));
    given.chain(listed.map(|name| (HOSTS, name))).map(|(by, name)| checked(by, name)).collect()
}

fn checked(by: &'static str, entry: &str) -> Result<String, ServerError> {
    if let Some(name) = name(entry) {
        return Ok(name.to_owned());
    }
    let meant = entry.split_once("://").map_or(entry, |(_, rest)| rest);
    let meant = meant.split(['/', '?', '#', ' ']).next().and_then(|meant| name(without_port(meant)));
    let remedy = format!(
        "which is no name that a browser asks for: write {:?}, the name alone, without scheme, port, path or spaces{}",
        meant.unwrap_or("ops.example.com"),
        if by == HOSTS { "; commas separate several" } else { "; call it once for each" }
    );
    Err(ServerError::setting(by, entry, remedy))
}

/// What is compared with the name that is asked for; `None` of what is none. A browser writes names of other scripts in ASCII.
fn name(entry: &str) -> Option<&str> {
    let name = entry.trim_end_matches('.');
    let is_address = name.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>().is_ok();
    let is_name = !name.is_empty()
        && name.len() <= 253
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    (is_address || is_name).then_some(name)
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        // `[::1]:8080`, and `::1`, which is no host of HTTP.
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) && !unbracketed(name) => name,
        _ => host,
    }
}

fn unbracketed(name: &str) -> bool {
    name.contains(':') && !name.ends_with(']')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_anybody_can_register_are_refused_unless_they_are_allowed() {
        let allowed = ["ops.example.com".to_owned()];
        for ours in [
            "127.0.0.1:8080",
            "10.1.2.3",
            "[::1]:8080",
            "[fd00::7]",
            "localhost:8080",
            "LOCALHOST",
            "checkout",
            "checkout:8080",
            "checkout.shop.svc.cluster.local:8080",
            "checkout.shop.svc",
            "box.local",
            "ops.example.com",
            "OPS.example.com:443",
            "localhost.",
        ] {
            assert!(is_ours(ours, &allowed), "{ours}");
        }
        for other in [
            "",
            ":8080",
            "evil.example",
            "evil.example:8080",
            "127.0.0.1.nip.io",
            "notlocal.com",
            "evillocal.com",
            "localhost.evil.com",
            "x.ops.example.com",
            "a b",
            "<script>",
            "evil.com/localhost",
        ] {
            assert!(!is_ours(other, &allowed), "{other}");
        }
    }

    #[test]
    fn an_entry_that_no_request_could_match_is_an_error_that_says_what_to_write() {
        let names = allowed(vec!["a.example.com.".to_owned()], " b.example.com, ,10.0.0.7,[::1],").unwrap();
        assert_eq!(names, ["a.example.com", "b.example.com", "10.0.0.7", "[::1]"]);
        assert!(is_ours("A.example.com:443", &names) && is_ours("b.example.com", &names));
        for (entry, meant) in [
            ("https://ops.shop.com", "ops.shop.com"),
            ("https://ops.shop.com:8443/policies?x", "ops.shop.com"),
            ("ops.shop.com/", "ops.shop.com"),
            ("ops.shop.com:8080", "ops.shop.com"),
            ("one.shop.com two.shop.com", "one.shop.com"),
            ("*.shop.com", "ops.example.com"),
            ("bücher.example", "ops.example.com"),
        ] {
            let told = allowed(Vec::new(), entry).unwrap_err().to_string();
            assert!(
                told.starts_with(&format!("MAINSTAY_OPS_HOSTS has {entry:?}, which is no name")),
                "{told}"
            );
            assert!(
                told.contains(&format!("write {meant:?}")) && told.ends_with("commas separate several"),
                "{told}"
            );
        }
        let told = allowed(vec![String::new()], "").unwrap_err().to_string();
        assert!(told.starts_with("OpsServer::allow_host has \"\", "), "{told}");
    }
}
