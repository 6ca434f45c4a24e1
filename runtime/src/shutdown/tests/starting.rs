use super::*;

struct Client {
    name: &'static str,
    seen: Seen,
    starts: bool,
}

impl Lifecycle for Client {
    type Error = String;

    async fn start(&self) -> Result<(), String> {
        self.seen.lock().unwrap().push(format!("start {}", self.name));
        if self.starts { Ok(()) } else { Err("nobody answers".into()) }
    }

    async fn stop(&self) -> Result<(), String> {
        self.seen.lock().unwrap().push(format!("stop {}", self.name));
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn clients_stop_in_the_reverse_order_of_their_start_and_behind_other_handlers() {
    let (shutdown, notes_of) = shutdown(ShutdownConfig::new());
    let client = |name| Client { name, seen: Arc::clone(&notes_of), starts: true };
    let outcome = shutdown.run(async {
        let pool = shutdown.start("pool", client("pool")).await?;
        shutdown.start("broker", Arc::new(client("broker"))).await?;
        shutdown.on_shutdown(Handler::new("index", notes(&notes_of, "index")))?;
        assert_eq!(pool.name, "pool");
        Ok::<_, ShutdownError>(())
    });
    assert!(outcome.await.is_clean());
    assert_eq!(seen(&notes_of), ["start pool", "start broker", "index", "stop broker", "stop pool"]);
}

#[tokio::test(start_paused = true)]
async fn if_one_client_does_not_start_those_before_it_are_stopped() {
    let (shutdown, notes_of) = shutdown(ShutdownConfig::new());
    let client = |name, starts| Client { name, seen: Arc::clone(&notes_of), starts };
    let outcome = shutdown.run(async {
        shutdown.start("pool", client("pool", true)).await?;
        shutdown.start("broker", client("broker", false)).await?;
        unreachable!("it did not start");
        #[allow(unreachable_code, reason = "says the error's type")]
        Ok::<_, ShutdownError>(())
    });
    let outcome = outcome.await;
    assert_eq!(outcome.error.as_deref(), Some("`broker` did not start: nobody answers"));
    assert_eq!(seen(&notes_of), ["start pool", "start broker", "stop pool"]);
    assert_eq!(outcome.code(), Outcome::FAILED);
}

#[tokio::test(start_paused = true)]
async fn a_client_whose_name_is_taken_is_stopped_at_once() {
    let (shutdown, notes_of) = shutdown(ShutdownConfig::new());
    let client = || Client { name: "pool", seen: Arc::clone(&notes_of), starts: true };
    shutdown.start("pool", client()).await.unwrap();
    assert!(shutdown.start("pool", client()).await.is_err());
    assert_eq!(seen(&notes_of), ["start pool", "start pool", "stop pool"]);
}
