use super::{GracefulShutdown, Outcome};

impl GracefulShutdown {
    /// [`wait_for_signal`](Self::wait_for_signal) for programs without a runtime: blocks this thread until the shutdown is over.
    /// Handlers run on a runtime of their own.
    ///
    /// ```
    /// use mainstay_runtime::shutdown::{GracefulShutdown, Handler, ShutdownConfig};
    ///
    /// let shutdown = GracefulShutdown::isolated(ShutdownConfig::new())?;
    /// shutdown.on_shutdown(Handler::blocking("index", || { /* save it */ }))?;
    /// shutdown.trigger("the example is over");
    /// assert!(shutdown.wait_for_signal_blocking().is_clean());
    /// # Ok::<(), mainstay_runtime::shutdown::ShutdownError>(())
    /// ```
    pub fn wait_for_signal_blocking(&self) -> Outcome {
        let wait = || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            match runtime {
                Ok(runtime) => runtime.block_on(self.wait_for_signal()),
                Err(error) => Outcome::refused(error),
            }
        };
        // On a thread of its own, as this one may be inside a runtime.
        std::thread::scope(|scope| {
            scope.spawn(wait).join().unwrap_or_else(|_| Outcome::refused("the shutdown panicked"))
        })
    }
}
