use std::{
    env,
    io::{Read, Write},
};

use crate::support::{connect, get, parse, serve};

/// How many requests; `MAINSTAY_FUZZ_CASES` makes them more.
const CASES: u64 = 1500;

const PIECES: &[&str] = &[
    "/",
    "//",
    "policies",
    "events",
    "health",
    "live",
    "ready",
    "..",
    "%2e%2e",
    "%00",
    "%ff",
    "%",
    "%2",
    "?",
    "?a=b",
    "#",
    "*",
    "circuit_breaker",
    "force_open",
    "reset",
    "a b",
    "\u{fc}",
    "\\",
    ";",
    "@",
    "%25",
    "a-long-part-a-long-part-a-long-part-a-long-part-a-long-part-a-long-part-a-long-part-a-long-part",
    "http://evil/",
    "://",
];
const METHODS: &[&str] =
    &["GET", "GET", "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT", "BREW", "get", ""];
const HEADERS: &[&str] = &[
    "Host: localhost",
    "Host: evil.example",
    "Host: ",
    "Host: [::1",
    "Host: a:b:c",
    "Content-Length: 5",
    "Content-Length: -1",
    "Content-Length: 99999999999999999999",
    "Transfer-Encoding: chunked",
    "Origin: null",
    "Origin: http://localhost",
    "Authorization: Bearer",
    "Authorization: \u{fc}",
    "X-Mainstay-Ops: 1",
    "Accept: */*",
    "Expect: 100-continue",
    "Upgrade: websocket",
    "Connection: upgrade",
    "Sec-Fetch-Site: x",
    ": no name",
    "No-Colon",
    "X: \0",
    "Range: bytes=0-1",
];

fn any<'a>(random: &mut fastrand::Rng, of: &[&'a str]) -> &'a str {
    of[random.usize(..of.len())]
}

/// A request that may be anything, put together of pieces and then damaged.
fn request(random: &mut fastrand::Rng) -> Vec<u8> {
    let mut text = format!("{} /", any(random, METHODS));
    for _ in 0..random.usize(..5) {
        text += any(random, PIECES);
        text += ["/", ""][random.usize(..2)];
    }
    text += [" HTTP/1.1\r\n", " HTTP/1.0\r\n", " HTTP/9.9\r\n", "\r\n"]
        [[0, 0, 0, 0, 0, 0, 1, 2, 3][random.usize(..9)]];
    if random.u8(..4) > 0 {
        text += "Host: localhost\r\n";
    }
    for _ in 0..random.usize(..4) {
        text += any(random, HEADERS);
        text += "\r\n";
    }
    text += "Connection: close\r\n\r\n";
    let mut bytes = text.into_bytes();
    for _ in 0..[0, 0, 1, 5][random.usize(..4)] {
        let at = random.usize(..bytes.len());
        match random.u8(..3) {
            0 => bytes[at] = random.u8(..),
            1 => drop(bytes.remove(at)),
            _ => bytes.insert(at, random.u8(..)),
        }
    }
    bytes
}

#[test]
fn whatever_is_asked_the_server_answers_on() {
    let seed = env::var("MAINSTAY_SEED")
        .ok()
        .and_then(|seed| seed.parse().ok())
        .unwrap_or_else(|| fastrand::u64(..));
    let cases = env::var("MAINSTAY_FUZZ_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(CASES);
    let mut random = fastrand::Rng::with_seed(seed);
    let serving = serve();
    for case in 0..cases {
        let bytes = request(&mut random);
        let told = || format!("MAINSTAY_SEED={seed}, request {case}: {:?}", String::from_utf8_lossy(&bytes));
        let mut stream = connect(serving.address());
        let _ = stream.write_all(&bytes);
        let _ = stream.shutdown(std::net::Shutdown::Write);
        // The stream of events has no end, but is begun; of all else there is an end.
        let mut answer = [0; 64];
        let mut length = 0;
        while length < answer.len() {
            match stream.read(&mut answer[length..]) {
                Ok(0) | Err(_) => break,
                Ok(more) => length += more,
            }
        }
        if length > 0 {
            let status: u16 = String::from_utf8_lossy(&answer[..length])
                .split(' ')
                .nth(1)
                .and_then(|status| status.parse().ok())
                .unwrap_or_else(|| panic!("{}", told()));
            assert!((200..=503).contains(&status) && status != 500, "{status} to {}", told());
        }
        if case % 100 == 99 {
            assert_eq!(get(serving.address(), "/health/live").status, 200, "{}", told());
        }
    }
    assert!(parse(b"HTTP/1.1 200 OK\r\n\r\n").is_some());
    serving.stop();
}
