use std::borrow::Cow;

use mainstay_runtime::{
    health::{CheckOptions, Health, HealthCheck, LocalCheck},
    store::Store,
};

use crate::FileStore;

/// Whether the file can be read and is still the one that was opened. It is asked for readiness, and may stand under `live`: a
/// file that was replaced under the store is mended by a new start.
impl HealthCheck for FileStore {
    async fn check(&self) -> Health {
        self.ping().await.into()
    }

    fn name() -> Cow<'static, str> {
        "file".into()
    }

    fn options() -> CheckOptions {
        CheckOptions::new().ready()
    }
}

impl LocalCheck for FileStore {}
