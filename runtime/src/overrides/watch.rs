use std::{
    sync::{Arc, Condvar, Mutex, PoisonError},
    thread,
    time::Duration,
};

/// A thread that looks again and again, until this is dropped.
pub(super) struct Watch {
    ended: Arc<(Mutex<bool>, Condvar)>,
}

const SHORTEST: Duration = Duration::from_millis(10);

impl Watch {
    pub(super) fn start(period: Duration, look: impl Fn() + Send + 'static) -> Self {
        let ended = Arc::new((Mutex::new(false), Condvar::new()));
        let told = Arc::clone(&ended);
        let run = move || {
            while !waits(&told, period.max(SHORTEST)) {
                look();
            }
        };
        if let Err(error) = thread::Builder::new().name("mainstay-overrides".to_owned()).spawn(run) {
            tracing::error!(target: "mainstay", %error, "overrides are not watched: no thread could be started");
        }
        Self { ended }
    }
}

/// Waits that long, or until it is told to end; whether it was.
fn waits(told: &(Mutex<bool>, Condvar), period: Duration) -> bool {
    let (ended, condvar) = told;
    let ended = ended.lock().unwrap_or_else(PoisonError::into_inner);
    let waited = condvar.wait_timeout_while(ended, period, |ended| !*ended);
    let (ended, _) = waited.unwrap_or_else(PoisonError::into_inner);
    *ended
}

impl Drop for Watch {
    fn drop(&mut self) {
        *self.ended.0.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.ended.1.notify_all();
    }
}
