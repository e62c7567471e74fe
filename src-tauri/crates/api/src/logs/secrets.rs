//! Tokens on their way between the program and the keyring: whatever passes is never logged.

use std::sync::Arc;

use async_trait::async_trait;
use mostrador_engine::secrets::{Secrets, SecretsProblem};
use secrecy::{ExposeSecret, SecretString};

use super::Logs;

/// The tokens' place, with the log told of each that is seen.
pub(crate) struct Unlogged {
    pub(crate) inner: Arc<dyn Secrets>,
    pub(crate) logs: Logs,
}

impl Unlogged {
    /// An entry may be one secret, or a JSON object of several: each of them is as secret as the whole.
    fn never_tell(&self, kept: &SecretString) {
        self.logs.never_tell(kept);
        if let Ok(serde_json::Value::Object(several)) = serde_json::from_str(kept.expose_secret()) {
            let texts = several.values().filter_map(serde_json::Value::as_str);
            texts.for_each(|text| self.logs.never_tell(&SecretString::from(text)));
        }
    }
}

#[async_trait]
impl Secrets for Unlogged {
    fn lasts(&self) -> bool {
        self.inner.lasts()
    }

    async fn get(&self, key: &str) -> Result<Option<SecretString>, SecretsProblem> {
        let found = self.inner.get(key).await?;
        if let Some(kept) = &found {
            self.never_tell(kept);
        }
        Ok(found)
    }

    async fn set(&self, key: &str, kept: &SecretString) -> Result<(), SecretsProblem> {
        self.never_tell(kept);
        self.inner.set(key, kept).await
    }

    async fn delete(&self, key: &str) -> Result<(), SecretsProblem> {
        self.inner.delete(key).await
    }
}
