use std::sync::Arc;

use mainstay_prometheus::Bridge;
use mainstay_runtime::metrics::{Buckets, Registry};
use prometheus_client::{
    encoding::text::encode,
    metrics::{counter::Counter, info::Info},
    registry::Registry as Client,
};

use crate::support::{get, request, server_of};

#[test]
fn a_registry_of_the_official_client_is_served_too_in_both_formats() {
    let mut client = Client::default();
    let theirs: Counter = Counter::default();
    theirs.inc();
    client.register("their_calls", "Their calls", theirs);
    client.register("their_build", "Their build", Info::new(vec![("version", "7")]));
    let ours = Registry::new();
    ours.counter("our_calls", "Our calls.").unwrap();
    let serving = server_of(ours).also_client(Arc::new(client)).start_in_background().unwrap();
    let plain = get(serving.address(), "/metrics");
    assert_eq!(
        plain.text(),
        "# HELP our_calls_total Our calls.\n# TYPE our_calls_total counter\nour_calls_total 0\n\
         # HELP their_calls_total Their calls.\n# TYPE their_calls_total counter\ntheir_calls_total 1\n\
         # HELP their_build_info Their build.\n# TYPE their_build_info gauge\ntheir_build_info{version=\"7\"} 1\n"
    );
    let open = request(serving.address(), "GET /metrics", "Accept: application/openmetrics-text\r\n");
    assert_eq!(open.text().matches("# EOF\n").count(), 1);
    assert!(open.text().ends_with("their_build_info{version=\"7\"} 1\n# EOF\n"), "{}", open.text());
    serving.stop();
}

#[test]
fn our_metrics_are_in_a_registry_of_the_official_client() {
    let ours = Registry::new();
    ours.counters::<(bool,)>("calls", "Calls.", ["ok"]).unwrap().get(&(true,)).add(2);
    ours.gauge("heat_celsius", "Heat.").unwrap().set(21.5);
    let sizes = ours.histogram("size_bytes", "Size.", Buckets::new([1.0, 10.0]).unwrap()).unwrap();
    [0.5, 5.0, 50.0].into_iter().for_each(|size| sizes.observe(size));
    let mut client = Client::default();
    client.register_collector(Box::new(Bridge::of(ours)));
    let mut text = String::new();
    encode(&mut text, &client).unwrap();
    for line in [
        "# TYPE calls counter\ncalls_total{ok=\"true\"} 2\n",
        "# TYPE heat_celsius gauge\nheat_celsius{} 21.5\n",
        "size_bytes_bucket{le=\"1.0\"} 1\nsize_bytes_bucket{le=\"10.0\"} 2\n\
         size_bytes_bucket{le=\"+Inf\"} 3\n",
    ] {
        assert!(text.contains(line), "no {line:?} in\n{text}");
    }
}
