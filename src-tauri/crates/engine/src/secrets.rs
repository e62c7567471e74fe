//! Where tokens are kept. The host provides a store (the keyring of the operating system); a file is never one.
//!
//! Reading a keyring may start a prompt each time and takes milliseconds: a token is read once per session, off the async
//! threads, and kept in memory ([`SecretString`] wipes it when it goes).

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use secrecy::SecretString;

/// Why a store of secrets cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SecretsProblem {
    /// There is none on this computer, or it does not answer.
    #[error("the keyring is not available")]
    Unavailable,
    /// It is locked and was not opened.
    #[error("the keyring is locked")]
    Locked,
}

/// A store of secrets.
#[async_trait]
pub trait Secrets: Send + Sync {
    /// Does it outlive the program?
    fn lasts(&self) -> bool;

    /// The secret under `key`.
    async fn get(&self, key: &str) -> Result<Option<SecretString>, SecretsProblem>;

    /// Keeps `secret` under `key`.
    async fn set(&self, key: &str, secret: &SecretString) -> Result<(), SecretsProblem>;

    /// Forgets it; what is not there is forgotten already.
    async fn delete(&self, key: &str) -> Result<(), SecretsProblem>;
}

/// Secrets for this run only.
#[derive(Default)]
pub struct MemorySecrets(Mutex<HashMap<String, SecretString>>);

impl MemorySecrets {
    fn map(&self) -> std::sync::MutexGuard<'_, HashMap<String, SecretString>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Secrets for MemorySecrets {
    fn lasts(&self) -> bool {
        false
    }

    async fn get(&self, key: &str) -> Result<Option<SecretString>, SecretsProblem> {
        Ok(self.map().get(key).cloned())
    }

    async fn set(&self, key: &str, secret: &SecretString) -> Result<(), SecretsProblem> {
        self.map().insert(key.to_owned(), secret.clone());
        Ok(())
    }

    async fn delete(&self, key: &str) -> Result<(), SecretsProblem> {
        self.map().remove(key);
        Ok(())
    }
}
