//! Tokens in the operating system's keyring: Secret Service on Linux, Keychain on macOS, Credential Manager on Windows.
//!
//! The calls block, and a locked keyring may ask a person: they run off the async threads, one at a time, with a limit of time
//! after which the keyring counts as locked. There is no other place: never a file.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use keyring_core::{CredentialStore, Entry, Error};
use mostrador_engine::secrets::{Secrets, SecretsProblem};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Mutex;

/// The name under which our entries stand in the keyring.
const SERVICE: &str = "mostrador";
/// How long a person may take to unlock it.
const PATIENCE: Duration = Duration::from_secs(60);

/// The operating system's keyring.
#[derive(Default)]
pub struct SystemKeyring {
    /// One call at a time: each may start a prompt.
    turn: Arc<Mutex<()>>,
}

impl SystemKeyring {
    async fn with_entry<T: Send + 'static>(
        &self,
        key: &str,
        work: impl FnOnce(&Entry) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, SecretsProblem> {
        let turn = Arc::clone(&self.turn).lock_owned().await;
        let key = key.to_owned();
        let call = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            let entry = open_store()?.build(SERVICE, &key, None)?;
            work(&entry)
        });
        match tokio::time::timeout(PATIENCE, call).await {
            Ok(Ok(done)) => done.map_err(|error| problem(&error)),
            Ok(Err(_panicked)) => Err(SecretsProblem::Unavailable),
            Err(_too_long) => Err(SecretsProblem::Locked),
        }
    }
}

#[cfg(all(unix, not(target_os = "macos")))]
fn open_store() -> Result<Arc<CredentialStore>, Error> {
    Ok(zbus_secret_service_keyring_store::Store::new()?)
}

#[cfg(target_os = "macos")]
fn open_store() -> Result<Arc<CredentialStore>, Error> {
    Ok(apple_native_keyring_store::keychain::Store::new()?)
}

#[cfg(windows)]
fn open_store() -> Result<Arc<CredentialStore>, Error> {
    Ok(windows_native_keyring_store::Store::new()?)
}

fn problem(error: &Error) -> SecretsProblem {
    match error {
        Error::NoStorageAccess(_) => SecretsProblem::Locked,
        _ => SecretsProblem::Unavailable,
    }
}

#[async_trait]
impl Secrets for SystemKeyring {
    fn lasts(&self) -> bool {
        true
    }

    async fn get(&self, key: &str) -> Result<Option<SecretString>, SecretsProblem> {
        self.with_entry(key, |entry| match entry.get_password() {
            Ok(secret) => Ok(Some(SecretString::from(secret))),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(error),
        })
        .await
    }

    async fn set(&self, key: &str, secret: &SecretString) -> Result<(), SecretsProblem> {
        let secret = secret.clone();
        self.with_entry(key, move |entry| entry.set_password(secret.expose_secret()))
            .await
    }

    async fn delete(&self, key: &str) -> Result<(), SecretsProblem> {
        self.with_entry(key, |entry| match entry.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(error),
        })
        .await
    }
}
