//! Whether a request was meant for this server, or for a name that somebody else's page was told to look for here.

use std::net::IpAddr;

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
}
