use mainstay::{
    bulkhead, catalog, circuit_breaker, fallback, policies, rate_limit, retry, site::Site, timeout,
};

use crate::support::{Answer, down, undisturbed};

fn nothing(_: mainstay::Error) -> Answer {
    Ok(())
}

const ABOVE: u32 = line!();
#[fallback(nothing)]
#[retry(max_attempts = 4)]
#[circuit_breaker("cat.breaker", failure_threshold = 2)]
#[rate_limit("cat.limiter", "100/s", max_wait = "1s")]
#[bulkhead("cat.bulkhead", 10)]
#[timeout("2s")]
async fn charge() -> Answer {
    Ok(())
}

fn site(path: &str) -> &'static Site {
    let path = format!("names::catalog::{path}");
    let catalog = catalog();
    let mut found = catalog.find(&path);
    let site = found.next().unwrap_or_else(|| panic!("{path} is not listed:\n{catalog}"));
    assert!(found.next().is_none(), "{path} is listed twice");
    site
}

#[test]
fn every_site_is_listed_with_file_and_line_whether_it_was_called_or_not() {
    #[allow(dead_code)]
    #[timeout("1s")]
    async fn never_called() -> Answer {
        Ok(())
    }
    let charge = site("charge");
    assert_eq!((charge.file(), charge.line()), (file!(), ABOVE + 1));
    assert_eq!(charge.to_string(), format!("names::catalog::charge ({}:{})", file!(), ABOVE + 1));
    assert_eq!(site("never_called").stack().len(), 1);
}

#[test]
fn the_stack_is_listed_as_it_was_written_outermost_first() {
    let stack: Vec<_> = site("charge").stack().iter().map(ToString::to_string).collect();
    assert_eq!(
        stack,
        [
            "#[fallback(nothing)]",
            "#[retry(max_attempts = 4)]",
            "#[circuit_breaker(\"cat.breaker\", failure_threshold = 2)]",
            "#[rate_limit(\"cat.limiter\", \"100/s\", max_wait = \"1s\")]",
            "#[bulkhead(\"cat.bulkhead\", 10)]",
            "#[timeout(\"2s\")]",
        ]
    );
}

#[test]
fn layers_tell_attribute_options_policy_and_configuration() {
    let [fallback, retry, breaker, ..] = site("charge").stack() else { panic!("a stack of six") };
    assert_eq!(
        (breaker.attribute(), breaker.options()),
        ("circuit_breaker", "\"cat.breaker\", failure_threshold = 2")
    );
    assert_eq!(breaker.policy(), Some("cat.breaker"));
    assert!(breaker.config().unwrap().starts_with("failure_threshold = 2, success_threshold = 2, "));
    assert_eq!(retry.policy(), Some("names::catalog::charge"));
    assert_eq!(fallback.policy(), Some("names::catalog::charge"));
    assert!(fallback.state().unwrap().ends_with(" answered"));
}

#[tokio::test(start_paused = true)]
async fn layers_tell_the_live_state() {
    let _undisturbed = undisturbed().await;
    #[circuit_breaker("cat.live", failure_threshold = 1, timeout = "10s")]
    #[bulkhead("cat.live", 3)]
    async fn call() -> Answer {
        down()
    }
    let states = || site("call").stack().iter().filter_map(|layer| layer.state()).collect::<Vec<_>>();
    assert_eq!(
        states(),
        ["closed, 0 succeeded, 0 failed (0 in a row), 0 ignored, 0 refused", "0 of 3 in flight, 0 waiting",]
    );
    call().await.unwrap_err();
    call().await.unwrap_err();
    assert_eq!(states()[0], "open for 10s, 0 succeeded, 1 failed (0 in a row), 0 ignored, 1 refused");
    assert!(catalog().to_string().contains("open for 10s"), "and all of it can be printed");
}

#[test]
fn an_instance_of_ones_own_is_no_policy_of_the_site() {
    struct Client {
        breaker: circuit_breaker::CircuitBreaker,
    }
    impl Client {
        #[circuit_breaker(with = self.breaker)]
        fn own_breaker(&self) -> Answer {
            Ok(())
        }
    }
    let breaker = circuit_breaker::CircuitBreaker::builder().build("cat.own").unwrap();
    Client { breaker }.own_breaker().unwrap();
    let [layer] = site("own_breaker").stack() else { panic!("one layer") };
    assert_eq!((layer.options(), layer.policy(), layer.state()), ("with = self.breaker", None, None));
}

#[test]
fn methods_generic_functions_and_trait_implementations_are_listed_once() {
    struct Client;
    trait Pay {
        fn pay(&self) -> Answer;
    }
    impl Client {
        #[bulkhead(1)]
        fn method(&self) -> Answer {
            Ok(())
        }
    }
    impl Pay for Client {
        #[bulkhead(1)]
        fn pay(&self) -> Answer {
            Ok(())
        }
    }
    #[bulkhead(1)]
    fn generic<T>(_: T) -> Answer {
        Ok(())
    }
    Client.method().unwrap();
    Client.pay().unwrap();
    generic(1).unwrap();
    generic("a").unwrap();
    for path in ["method", "pay", "generic"] {
        assert_eq!(site(path).stack().len(), 1);
    }
}

#[test]
fn sites_are_sorted_by_file_and_line() {
    let catalog = catalog();
    assert!(catalog.sites().is_sorted_by_key(|site| (site.file(), site.line())));
    assert!(catalog.len() > 10 && !catalog.is_empty());
    assert_eq!(catalog.len(), catalog.sites().len());
}

#[tokio::test]
async fn the_annotated_function_works_as_listed() {
    let _undisturbed = undisturbed().await;
    assert_eq!(charge().await, Ok(()));
    assert_eq!(policies().circuit_breaker("cat.breaker").unwrap().success_count(), 1);
}
