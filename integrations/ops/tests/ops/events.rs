use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use mainstay_ops::OpsServer;
use mainstay_runtime::{bulkhead::BulkheadConfig, circuit_breaker::CircuitBreaker};
use serde_json::Value;

use crate::support::{connect, request, until};

/// The events of a server, decoded.
pub(crate) struct Reader(BufReader<TcpStream>);

impl Reader {
    pub(crate) fn open(address: SocketAddr) -> Self {
        let mut stream = connect(address);
        stream.write_all(b"GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
        let mut reader = BufReader::new(stream);
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert_ne!(reader.read_line(&mut head).unwrap(), 0, "{head}");
        }
        assert!(head.starts_with("HTTP/1.1 200") && head.contains("text/event-stream"), "{head}");
        Self(reader)
    }

    /// The next event of that name. What else comes is left out; so are the lines that say how long a chunk is.
    pub(crate) fn next(&mut self, wanted: &str) -> Value {
        let mut name = String::new();
        let mut data = String::new();
        loop {
            let mut line = String::new();
            assert_ne!(self.0.read_line(&mut line).unwrap(), 0, "the stream ended");
            let line = line.trim_end();
            if let Some(event) = line.strip_prefix("event: ") {
                name = event.to_owned();
            } else if let Some(text) = line.strip_prefix("data: ") {
                data = text.to_owned();
            } else if line.is_empty() && !data.is_empty() {
                if name == wanted {
                    return serde_json::from_str(&data).unwrap();
                }
                data.clear();
            }
        }
    }
}

pub(crate) fn server() -> OpsServer {
    OpsServer::new().host([127, 0, 0, 1]).port(0).sample_every(Duration::from_millis(100))
}

#[test]
fn a_reader_is_told_everything_first_and_then_what_changes() {
    let places = BulkheadConfig::new(9).register("events.places").unwrap();
    let serving = server().start_in_background().unwrap();
    let mut reader = Reader::open(serving.address());
    let start = reader.next("start");
    assert_eq!((&start["version"], &start["may"]), (&1.into(), &"freely".into()));
    let policies = start["policies"].as_array().unwrap();
    let id = policies.iter().position(|policy| policy["name"] == "events.places").unwrap();
    let numbers = policies[id]["numbers"].as_array().unwrap();
    let number = |name: &str| numbers.iter().position(|number| number == name).unwrap() as u64;
    assert_eq!(policies[id]["sorts"], "cclll");
    // Its limit, which is not zero, is told of the past.
    let past = reader.next("past");
    let of = |sample: &Value, number: u64| -> Option<f64> {
        let row = sample["v"].as_array()?.iter().find(|row| row[0] == id)?.as_array()?.clone();
        row[1..].chunks(2).find(|pair| pair[0] == number).and_then(|pair| pair[1].as_f64())
    };
    assert!(past.as_array().unwrap().iter().any(|sample| of(sample, number("limit")) == Some(9.0)));
    assert!(reader.next("health")["status"].is_string());
    assert_eq!(reader.next("shutdown")["stage"], "running");

    let permit = places.try_enter().unwrap();
    let _more = places.try_enter().unwrap();
    loop {
        let sample = reader.next("sample");
        assert_eq!(of(&sample, number("limit")), None, "what did not change is not told again");
        if of(&sample, number("running")) == Some(2.0) {
            break;
        }
    }
    drop(permit);
    while of(&reader.next("sample"), number("running")) != Some(1.0) {}
    serving.stop();
}

#[test]
fn what_is_registered_later_and_what_happens_to_it_is_told() {
    let serving = server().start_in_background().unwrap();
    let mut reader = Reader::open(serving.address());
    let before = reader.next("start")["policies"].as_array().unwrap().len();
    let breaker = CircuitBreaker::builder().register("events.later").unwrap();
    let id = loop {
        let more = reader.next("more");
        let found =
            more["policies"].as_array().unwrap().iter().position(|policy| policy["name"] == "events.later");
        if let Some(at) = found {
            // Other tests register policies, too: this one's number is at least as high.
            break before + at;
        }
    };
    breaker.force_open();
    loop {
        let news = reader.next("news");
        let found = news
            .as_array()
            .unwrap()
            .iter()
            .find(|item| item["to"] == "forced_open" && item["policy"].as_u64() >= Some(id as u64))
            .cloned();
        if let Some(item) = found {
            assert_eq!(item["from"], "closed");
            break;
        }
    }
    serving.stop();
}

#[test]
fn a_reader_that_reads_nothing_delays_nobody_and_is_cut_off_when_the_server_stops() {
    let serving = server().start_in_background().unwrap();
    let mut silent = connect(serving.address());
    silent.write_all(b"GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    let mut reader = Reader::open(serving.address());
    (0..10).for_each(|_| drop(reader.next("sample")));
    serving.stop();
    // Whatever was on its way is bounded, and then the stream is at its end.
    let mut rest = Vec::new();
    silent.read_to_end(&mut rest).unwrap();
    assert!(rest.len() < 8 << 20, "{}", rest.len());
}

#[test]
fn so_many_pages_may_be_open_and_a_closed_one_makes_room() {
    let serving = server().start_in_background().unwrap();
    let mut readers: Vec<Reader> = (0..16).map(|_| Reader::open(serving.address())).collect();
    let refused = request(serving.address(), "GET /events", "");
    assert_eq!((refused.status, refused.header("retry-after")), (503, "5"));
    assert_eq!(request(serving.address(), "HEAD /events", "").status, 200);
    drop(readers.pop());
    until("a place is free", || {
        let mut stream = connect(serving.address());
        stream.write_all(b"GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
        let mut status = [0; 12];
        stream.read_exact(&mut status).unwrap();
        (&status == b"HTTP/1.1 200").then_some(())
    });
    serving.stop();
}
