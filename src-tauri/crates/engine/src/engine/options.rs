//! What of a device's fields can be changed while it stays the same one: which calls are spoken, and where a reseller's customers are
//! blocked.

use mostrador_domain::DeviceId;
use mostrador_gateways::{Field, FieldKey, OpenError};
use mostrador_store::tables::device::{self, FieldChange};

use super::Engine;
use crate::EngineError;

/// A field that can be changed, and what it is now; `None` = as most people have it.
pub struct DeviceOption {
    /// Which.
    pub field: Field,
    /// What was given.
    pub value: Option<String>,
}

/// A change of one: what was seen and what shall be. Nothing is an empty text.
pub struct OptionChange {
    /// Which.
    pub key: FieldKey,
    /// What whoever changes it has seen.
    pub seen: String,
    /// The new one.
    pub value: String,
}

impl Engine {
    /// What can be changed of a device, as it is.
    ///
    /// # Errors
    /// Not found, not offered in this run.
    pub async fn device_options(&self, id: DeviceId) -> Result<Vec<DeviceOption>, EngineError> {
        let row = self.row(id).await?;
        let changeable = self.driver_of(&row)?.changeable();
        let read = self
            .shared
            .store
            .read(move |connection| device::fields(connection, id));
        let kept = read.await?;
        let options = changeable.into_iter().map(|field| {
            let found = kept.iter().find(|(word, _)| word == field.key.as_str());
            DeviceOption {
                field,
                value: found.map(|(_, value)| value.clone()),
            }
        });
        Ok(options.collect())
    }

    /// Changes some of them, all or none, and starts the device with what it has then.
    ///
    /// # Errors
    /// Not found; not offered; the configuration's; the store's, if one was changed meanwhile.
    pub async fn change_options(&self, id: DeviceId, changes: Vec<OptionChange>) -> Result<(), EngineError> {
        let row = self.row(id).await?;
        let driver = self.driver_of(&row)?;
        let changeable = driver.changeable();
        let known = |change: &OptionChange| changeable.iter().any(|field| field.key == change.key);
        if !changes.iter().all(known) {
            return Err(EngineError::NotOffered);
        }
        let (kept, _) = self.config_of(&row, driver.needs()).await?;
        let config = changes.iter().fold(kept, |config, change| {
            config.without(change.key).with(change.key, &change.value)
        });
        match driver.open(config).err() {
            // Its secrets are asked for elsewhere, and do not keep it from being set up.
            None | Some(OpenError::Missing(_)) => {}
            Some(error) => return Err(error.into()),
        }
        let changes: Vec<FieldChange> = changes
            .into_iter()
            .map(|change| {
                let (seen, value) = (change.seen.trim().to_owned(), change.value.trim().to_owned());
                (change.key.as_str().to_owned(), seen, value)
            })
            .collect();
        let stored = self
            .shared
            .store
            .write_durably(move |writing| device::change_fields(writing, id, &changes));
        stored.await?;
        self.start_session(id).await
    }
}
