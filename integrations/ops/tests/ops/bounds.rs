use std::{
    io::{Read, Write},
    net::TcpStream,
};

use crate::support::{connect, get, parse, request, serve};

#[test]
fn connections_that_say_nothing_do_not_keep_a_probe_waiting() {
    let serving = serve();
    // Half as many again as there are places, each of which begins a request and never ends it. More would want more
    // files than a process may have on some systems: 256.
    let slow: Vec<TcpStream> = (0..96)
        .map(|_| {
            let mut stream = connect(serving.address());
            stream.write_all(b"GET /health HTTP/1.1\r\nX-Slow: ").unwrap();
            stream
        })
        .collect();
    for _ in 0..20 {
        assert_eq!(get(serving.address(), "/health/live").status, 200);
    }
    drop(slow);
    serving.stop();
}

#[test]
fn a_head_that_is_too_long_or_has_too_many_lines_is_refused() {
    let serving = serve();
    let send = |text: &str| -> Option<u16> {
        let mut stream = connect(serving.address());
        // It may be refused before all is said.
        let _ = stream.write_all(text.as_bytes());
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        parse(&answer).map(|answer| answer.status)
    };
    let long =
        format!("GET /health HTTP/1.1\r\nHost: localhost\r\nX-Long: {}\r\n\r\n", "x".repeat(64 * 1024));
    assert!(matches!(send(&long), Some(431) | None));
    let path = format!("GET /{} HTTP/1.1\r\nHost: localhost\r\n\r\n", "x".repeat(64 * 1024));
    assert!(matches!(send(&path), Some(414 | 431) | None));
    let lines: String = (0..500).map(|line| format!("X-Line-{line}: 1\r\n")).collect();
    assert!(matches!(send(&format!("GET /health HTTP/1.1\r\n{lines}\r\n")), Some(431 | 400) | None));
    assert_eq!(get(serving.address(), "/health/live").status, 200);
    serving.stop();
}

#[test]
fn a_body_is_not_waited_for() {
    let serving = serve();
    let mut stream = connect(serving.address());
    let head = "POST /policies/bulkhead/nobody/reset HTTP/1.1\r\nHost: localhost\r\nX-Mainstay-Ops: 1\r\nContent-Length: 1000000000\r\n\r\n";
    stream.write_all(head.as_bytes()).unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    assert_eq!(parse(&answer).unwrap().status, 404);
    serving.stop();
}

#[test]
fn other_paths_and_methods_are_told_what_there_is() {
    let serving = serve();
    let nowhere = get(serving.address(), "/metrics");
    assert_eq!(nowhere.status, 404);
    for path in ["/policies", "/events", "/health/ready", "POST"] {
        assert!(nowhere.text().contains(path), "{}", nowhere.text());
    }
    let posted = request(serving.address(), "POST /", "Content-Length: 0\r\n");
    assert_eq!((posted.status, posted.header("allow")), (405, "GET, HEAD"));
    assert!(posted.text().contains("/policies"));
    assert_eq!(get(serving.address(), "/%ff").status, 400);
    serving.stop();
}

#[test]
fn the_page_allows_its_own_style_and_script_and_nothing_else() {
    let serving = serve();
    let page = get(serving.address(), "/");
    assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
    let policy = page.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
    assert!(!policy.contains("unsafe") && policy.contains("frame-ancestors 'none'"), "{policy}");
    assert_eq!(
        (page.header("x-content-type-options"), page.header("referrer-policy")),
        ("nosniff", "no-referrer")
    );
    let text = page.text();
    for outside in ["http://", "https://", "//cdn", "@import", "innerHTML", "style=\"", "onclick="] {
        let found = text.replace("http://www.w3.org/2000/svg", "");
        assert!(!found.contains(outside), "the page has {outside}");
    }
    assert_eq!(request(serving.address(), "HEAD /", "").header("content-length"), text.len().to_string());
    serving.stop();
}
