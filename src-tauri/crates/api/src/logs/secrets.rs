//! Tokens on their way between the program and the keyring: whatever passes is never logged.

use std::sync::Arc;

use async_trait::async_trait;
use mostrador_engine::secrets::{Secrets, SecretsProblem};
use secrecy::SecretString;

use super::Logs;

/// The tokens' place, with the log told of each that is seen.
pub(crate) struct Unlogged {
    pub(crate) inner: Arc<dyn Secrets>,
    pub(crate) logs: Logs,
}

#[async_trait]
impl Secrets for Unlogged {
    fn lasts(&self) -> bool {
        self.inner.lasts()
    }

    async fn get(&self, key: &str) -> Result<Option<SecretString>, SecretsProblem> {
        let found = self.inner.get(key).await?;
        if let Some(token) = &found {
            self.logs.never_tell(token);
        }
        Ok(found)
    }

    async fn set(&self, key: &str, token: &SecretString) -> Result<(), SecretsProblem> {
        self.logs.never_tell(token);
        self.inner.set(key, token).await
    }

    async fn delete(&self, key: &str) -> Result<(), SecretsProblem> {
        self.inner.delete(key).await
    }
}
