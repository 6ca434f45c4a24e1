//! What `promtool`, which comes with Prometheus, says of our metrics and rules.

use mainstay::{circuit_breaker, metered, metered::slo_rules, metrics::LabelValue, retry, time_it, timeout};
use mainstay_prometheus::{BuildInfo, HttpMetrics, Method, ProcessMetrics, Summary, SummaryConfig};
use mainstay_runtime::metrics::{Collect, TextEncoder, TextFormat, increment_counter, registry, set_gauge};
use mainstay_testkit::servers::promtool;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, LabelValue)]
enum Size {
    Small,
    #[label("very \"large\"\\\n")]
    Large,
}

#[metered("checked.work", labels(size = size), slo(ok = 99.9, p99 = "250ms"))]
#[retry("checked.retry")]
#[circuit_breaker("checked.breaker")]
#[timeout("checked.timeout", "1s")]
#[time_it("checked.inner")]
async fn work(size: Size) -> Result<(), mainstay::Error> {
    let _ = size;
    Ok(())
}

#[metered("checked \"quoted\" \\ name", slo(ok = 99))]
fn odd() {}

async fn everything() -> String {
    work(Size::Small).await.unwrap();
    work(Size::Large).await.unwrap();
    odd();
    increment_counter("checked.api-requests", &[("http.method", "GET"), ("path", "C:\\\n\"x\"")]);
    set_gauge("checked.infinite", f64::NEG_INFINITY);
    registry()
        .single::<Summary>("checked_reply_bytes", "Size of replies.", SummaryConfig::new())
        .unwrap()
        .observe(5.0);
    HttpMetrics::standard(registry()).unwrap().begin(Method::GET, "/").end(200);
    let mut encoder = TextEncoder::new(TextFormat::Prometheus);
    registry().collect(&mut encoder);
    ProcessMetrics.collect(&mut encoder);
    BuildInfo::new("checked", "1").collect(&mut encoder);
    encoder.finish()
}

#[tokio::test]
async fn promtool_finds_nothing_wrong_with_the_metrics() {
    let text = everything().await;
    let (fine, said) = promtool(&["check", "metrics"], &text).unwrap();
    // Families made by name have no help, which is all that it may say.
    let said: Vec<&str> = said.lines().filter(|line| !line.ends_with("no help text")).collect();
    assert!(said.is_empty(), "{said:#?}\n{text}");
    let _ = fine;
}

#[tokio::test]
async fn promtool_accepts_the_rules() {
    work(Size::Small).await.unwrap();
    let folder = std::env::temp_dir().join(format!("mainstay-rules-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("rules.yml");
    std::fs::write(&path, slo_rules()).unwrap();
    let checked = promtool(&["check", "rules", path.to_str().unwrap()], "");
    std::fs::remove_dir_all(&folder).unwrap();
    let (fine, said) = checked.unwrap();
    // Four objectives in this program: seven records and four alerts each.
    assert!(fine && said.contains("44 rules found"), "{said}\n{}", slo_rules());
}
