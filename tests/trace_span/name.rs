use mainstay::{catalog, trace_span};
use mainstay_testkit::Spans;

struct Orders;

impl Orders {
    #[trace_span]
    fn find_by_name(&self) {}

    #[trace_span(name = "name.given")]
    async fn given(&self) {}
}

#[tokio::test(start_paused = true)]
async fn a_span_is_called_as_it_is_told_or_else_as_the_function() {
    let spans = Spans::record();
    Orders.find_by_name();
    Orders.given().await;
    let span = spans.one("find_by_name");
    let code = span.code.unwrap();
    assert_eq!(code.function, "trace_span::name::find_by_name");
    assert!(code.file.ends_with("name.rs") && code.line > 0);
    assert_eq!(spans.named("name.given").len(), 1);
}

#[test]
fn the_catalog_lists_the_function() {
    let catalog = catalog();
    let site = catalog.find("trace_span::name::given").next().unwrap();
    assert_eq!(site.stack()[0].to_string(), "#[trace_span(name = \"name.given\")]");
}
