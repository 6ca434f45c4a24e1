use std::{
    net::{SocketAddr, TcpListener, TcpStream},
    sync::mpsc,
};

use mainstay_prometheus::{BuildInfo, MetricsServer, ServerError};
use mainstay_runtime::metrics::{Collect, Registry, Sink, increment_counter};

use crate::support::{get, server_of};

#[test]
fn the_programs_metrics_are_served_with_those_of_the_process_and_the_build() {
    increment_counter("server.test", &[]);
    let info = BuildInfo::new("prophet", "1.2.3").revision(Some("abc"));
    let serving =
        MetricsServer::new().port(0).build_info(info).compatible_names().start_in_background().unwrap();
    assert!(serving.address().ip().is_unspecified());
    let text = get(SocketAddr::from(([127, 0, 0, 1], serving.address().port())), "/metrics");
    let text = text.text();
    for part in [
        "\nserver_test_total 1\n",
        "\nbuild_info{service=\"prophet\",version=\"1.2.3\",revision=\"abc\"} 1\n",
        "# TYPE process_cpu_seconds_total counter\n",
        "# TYPE idempotency_hits_total counter\n",
        "\nprocess_resident_memory_bytes ",
        "\nprocess_virtual_memory_bytes ",
        "\nprocess_start_time_seconds ",
        "\nprocess_open_fds ",
        "\nprocess_max_fds ",
        "\nprocess_threads ",
    ] {
        assert!(text.contains(part), "no {part:?} in\n{text}");
    }
    let value = |name: &str| -> f64 {
        let line = text.lines().find(|line| line.starts_with(name)).unwrap();
        line.split_whitespace().next_back().unwrap().parse().unwrap()
    };
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs_f64();
    let started = value("process_start_time_seconds ");
    assert!(started > now - 86_400.0 && started < now + 5.0, "{started} {now}");
    assert!(value("process_resident_memory_bytes ") > 1e6 && value("process_threads ") >= 2.0);
    serving.stop();
}

#[test]
fn it_answers_while_the_runtime_it_was_started_in_is_stuck() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let serving = MetricsServer::new().host([127, 0, 0, 1]).port(0).start_in_background().unwrap();
        drop(tokio::spawn(std::future::pending::<()>()));
        // This blocks the runtime's only thread.
        let answer = get(serving.address(), "/metrics");
        assert!(
            answer.text().contains("\ntokio_workers 1\n")
                && answer.text().contains("\ntokio_alive_tasks 1\n")
        );
        serving.stop();
    });
}

#[test]
fn a_port_that_is_taken_is_told_with_the_remedy() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let error = MetricsServer::new().host([127, 0, 0, 1]).port(port).start_in_background().unwrap_err();
    assert!(matches!(error, ServerError::Bind { .. }));
    let expected =
        format!("cannot serve metrics on 127.0.0.1:{port}: another process listens there; set METRICS_PORT");
    assert!(error.to_string().starts_with(&expected), "{error}");
}

#[test]
fn a_server_that_was_stopped_gives_its_port_back_and_one_that_was_dropped_goes_on() {
    let serving = server_of(Registry::new()).start_in_background().unwrap();
    let address = serving.address();
    serving.stop();
    serving.stop();
    assert!(TcpStream::connect(address).is_err());
    drop(TcpListener::bind(address).unwrap());

    let serving = server_of(Registry::new()).start_in_background().unwrap();
    let address = serving.address();
    drop(serving);
    assert_eq!(get(address, "/metrics").status, 200);
}

#[test]
fn an_answer_under_way_is_finished_when_the_server_is_told_to_stop() {
    #[derive(Debug)]
    struct Slow(mpsc::SyncSender<()>, std::sync::Mutex<mpsc::Receiver<()>>);
    impl Collect for Slow {
        fn collect(&self, _: &mut dyn Sink) {
            self.0.send(()).unwrap();
            self.1.lock().unwrap().recv().unwrap();
        }
    }
    let (asked, is_asked) = mpsc::sync_channel(0);
    let (go_on, goes_on) = mpsc::channel();
    let registry = Registry::new();
    registry.counter("slow_total", "").unwrap();
    registry.collect_from(Slow(asked, std::sync::Mutex::new(goes_on)));
    let serving = server_of(registry).start_in_background().unwrap();
    let address = serving.address();
    let client = std::thread::spawn(move || get(address, "/metrics"));
    is_asked.recv().unwrap();
    let stopping = std::thread::spawn(move || serving.stop());
    go_on.send(()).unwrap();
    assert!(client.join().unwrap().text().ends_with("slow_total 0\n"));
    stopping.join().unwrap();
}
