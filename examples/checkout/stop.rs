use tokio::sync::watch;

/// A switch and the wire to it: whoever holds the [`Stop`] learns when it is thrown.
pub fn switch() -> (Switch, Stop) {
    let (sender, receiver) = watch::channel(false);
    (Switch(sender), Stop(receiver))
}

/// Throws the switch, at the latest when it is dropped.
#[derive(Debug)]
pub struct Switch(watch::Sender<bool>);

impl Switch {
    pub fn throw(&self) {
        self.0.send_replace(true);
    }
}

/// Tells when it is time to stop.
#[derive(Debug, Clone)]
pub struct Stop(watch::Receiver<bool>);

impl Stop {
    /// Waits until it is time.
    pub async fn wait(&mut self) {
        // An error means that the switch is gone, and nobody left to throw it.
        let _ = self.0.wait_for(|thrown| *thrown).await;
    }

    /// Whether it is time.
    pub fn now(&self) -> bool {
        *self.0.borrow()
    }
}
