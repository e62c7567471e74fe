//! What devices are opened with: kept in the keyring or for this run, given anew, and what that says of the number behind them.

use mostrador_domain::DeviceId;
use mostrador_gateways::{FieldKey, LinkConfig, Needs};
use mostrador_store::tables::device::{self, DeviceRow};
use secrecy::{ExposeSecret, SecretString};

use super::{Engine, bundle};
use crate::EngineError;
use crate::secrets::{Secrets, SecretsProblem};
use crate::session::{Session, TokenPlace};

impl Engine {
    /// What the keyring last answered, if that was a problem.
    pub fn keyring_problem(&self) -> Option<SecretsProblem> {
        *self
            .keyring_problem
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Do remembered tokens outlive the program?
    pub fn secrets_last(&self) -> bool {
        self.secrets.lasts()
    }

    /// Gives a device other secrets and starts it with those. What is not given stays as it is.
    ///
    /// # Errors
    /// Not found, the configuration's, the keyring's.
    pub async fn set_secrets(
        &self,
        id: DeviceId,
        given: LinkConfig,
        remember: bool,
    ) -> Result<(), EngineError> {
        let row = self.row(id).await?;
        let driver = self.driver_of(&row)?;
        let (kept, _) = self.config_of(&row, driver.needs()).await?;
        let before = bundle::packed(driver.needs(), &kept);
        let config = kept.overlaid(given);
        driver.open(config.clone())?;
        let new = bundle::packed(driver.needs(), &config);
        let given = secrets_given(driver.needs(), before.as_ref(), new.as_ref());
        // Noted before they are kept: whatever is started with them must know. Until then the session of before goes on.
        let _exchanging = self.sessions.lock().await.get(&id).map(Session::exchange);
        let noted = self.note_secrets(id, given).await?;
        if let Some(packed) = new {
            let kept = self.keep_secrets(&row.secret_key, &packed, remember).await;
            if let (Err(_), Some(noted)) = (&kept, noted) {
                self.shared
                    .store
                    .write_durably(move |writing| device::secrets_not_kept(writing, noted))
                    .await?;
            }
            kept?;
        }
        self.leave_way(&row).await;
        // The session of before may have heard of its own number meanwhile.
        self.note_secrets(id, given).await?;
        // They may be another channel's, which has asked for no pause.
        self.shared
            .store
            .write(move |writing| device::let_go_of_hold(writing, id))
            .await?;
        self.start_session(id).await
    }

    async fn note_secrets(
        &self,
        id: DeviceId,
        given: Option<device::Secrets>,
    ) -> Result<Option<device::SecretsNoted>, EngineError> {
        let Some(given) = given else {
            return Ok(None);
        };
        let noted = self
            .shared
            .store
            .write_durably(move |writing| device::secrets_given(writing, id, given));
        Ok(Some(noted.await?))
    }

    pub(super) async fn keep_secrets(
        &self,
        key: &str,
        packed: &SecretString,
        remember: bool,
    ) -> Result<(), EngineError> {
        if !remember {
            return Ok(self.this_run.set(key, packed).await?);
        }
        let kept = self.secrets.set(key, packed).await;
        self.note_keyring(kept.err());
        kept?;
        Ok(self.this_run.delete(key).await?)
    }

    fn note_keyring(&self, problem: Option<SecretsProblem>) {
        *self
            .keyring_problem
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner) = problem;
    }

    /// What a device's link is opened with, as far as it is there, and where its secrets are.
    pub(super) async fn config_of(
        &self,
        row: &DeviceRow,
        needs: Needs,
    ) -> Result<(LinkConfig, TokenPlace), EngineError> {
        let id = row.id;
        let fields = self
            .shared
            .store
            .read(move |connection| device::fields(connection, id))
            .await?;
        let url = row.url.as_deref().unwrap_or_default();
        let plain = fields
            .iter()
            .filter_map(|(word, text)| Some((FieldKey::from_word(word)?, text)))
            .fold(
                LinkConfig::default().with(FieldKey::Url, url),
                |config, (key, text)| config.with(key, text),
            );
        let (packed, place) = self.packed_secrets(row, needs).await;
        let config = packed.map_or(plain.clone(), |packed| bundle::unpacked(needs, &packed, plain));
        Ok((config, place))
    }

    /// The secrets of a device, as they are kept, and where.
    pub(super) async fn packed_secrets(
        &self,
        row: &DeviceRow,
        needs: Needs,
    ) -> (Option<SecretString>, TokenPlace) {
        if needs.secrets().next().is_none() {
            return (None, TokenPlace::NotNeeded);
        }
        if let Ok(Some(packed)) = self.this_run.get(&row.secret_key).await {
            return (Some(packed), TokenPlace::ThisRun);
        }
        let found = self.secrets.get(&row.secret_key).await;
        self.note_keyring(found.as_ref().err().copied());
        let place = if self.secrets.lasts() {
            TokenPlace::Keyring
        } else {
            TokenPlace::ThisRun
        };
        match found {
            Ok(Some(packed)) => (Some(packed), place),
            Ok(None) => (None, TokenPlace::Missing),
            Err(problem) => {
                tracing::warn!(device = %row.id, %problem, "the secrets cannot be read");
                (None, TokenPlace::Missing)
            }
        }
    }
}

/// What secrets that are given say of the number behind them; `None` = it is the one that was. Where a name says which number is meant, a key
/// only opens it.
fn secrets_given(
    needs: Needs,
    before: Option<&SecretString>,
    new: Option<&SecretString>,
) -> Option<device::Secrets> {
    if needs.fields.iter().any(|field| field.key == FieldKey::Instance) {
        return None;
    }
    match (before, new) {
        (Some(before), Some(new)) if before.expose_secret() == new.expose_secret() => None,
        (Some(_), Some(_)) => Some(device::Secrets::Other),
        (None, Some(_)) => Some(device::Secrets::Unknown),
        (_, None) => None,
    }
}
