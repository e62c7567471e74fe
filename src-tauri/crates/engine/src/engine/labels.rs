//! Labels: made, changed and removed on the phone where the gateway has them, else here alone. The gateway comes first: a label
//! that it refuses is none, and what it has done it tells again if the program dies before that is stored.

use std::sync::Arc;

use mostrador_domain::{DeviceId, LabelId};
use mostrador_store::tables::label::{self, LabelRow};

use super::Engine;
use super::people::there;
use crate::EngineError;
use crate::session::Asking;

impl Engine {
    /// Makes a label. One that has this name already is given instead of a second one.
    ///
    /// # Errors
    /// Not found, the gateway's.
    pub async fn add_label(
        &self,
        device: DeviceId,
        name: String,
        colour: Option<String>,
    ) -> Result<LabelId, EngineError> {
        let read = self
            .shared
            .store
            .read(move |connection| label::list(connection, Some(device)));
        if let Some(same) = read.await?.iter().find(|row| row.name.as_deref() == Some(&name)) {
            return Ok(same.id);
        }
        let told = match self.asks_for_labels(device).await? {
            None => None,
            Some(asking) => {
                let labels = asking.link().labels().ok_or(EngineError::NotOffered)?;
                Some(asking.ask(labels.create(&name, colour.as_deref())).await?)
            }
        };
        let added = self.shared.store.write(move |writing| match &told {
            Some(told) => label::told(writing, device, told),
            None => label::add(writing, device, &name, colour.as_deref()),
        });
        Ok(added.await?)
    }

    /// Gives a label another name, and another colour if one is told.
    ///
    /// # Errors
    /// Not found, the gateway's.
    pub async fn change_label(
        &self,
        id: LabelId,
        name: String,
        colour: Option<String>,
    ) -> Result<(), EngineError> {
        let row = self.label(id).await?;
        let colour = colour.filter(|colour| row.colour.as_deref() != Some(colour));
        if let Some(gateway_id) = &row.gateway_id
            && let Some(asking) = self.asks_for_label(row.device).await?
        {
            let labels = asking.link().labels().ok_or(EngineError::NotOffered)?;
            let changed = asking.ask(labels.change(gateway_id, &name, colour.as_deref()));
            there(changed.await?)?;
        }
        let changed = self
            .shared
            .store
            .write(move |writing| label::change(writing, id, &name, colour.as_deref()));
        Ok(changed.await?)
    }

    /// Removes a label from all chats and from the list. One that the gateway does not have is as gone as one that it removes.
    ///
    /// # Errors
    /// Not found, the gateway's.
    pub async fn remove_label(&self, id: LabelId) -> Result<(), EngineError> {
        let row = self.label(id).await?;
        if let Some(gateway_id) = &row.gateway_id
            && let Some(asking) = self.asks_for_label(row.device).await?
        {
            let labels = asking.link().labels().ok_or(EngineError::NotOffered)?;
            asking.ask(labels.remove(gateway_id)).await?;
        }
        // The gateway may have told of it meanwhile.
        let removed = self
            .shared
            .store
            .write(move |writing| match label::get(writing, id) {
                Ok(_) => label::remove(writing, id),
                Err(_) => Ok(()),
            });
        Ok(removed.await?)
    }

    /// One label.
    ///
    /// # Errors
    /// Not found.
    pub async fn label(&self, id: LabelId) -> Result<LabelRow, EngineError> {
        let read = self
            .shared
            .store
            .read(move |connection| label::get(connection, id));
        Ok(read.await?)
    }

    /// What asks the gateway of a device, if it makes labels.
    async fn asks_for_labels(&self, device: DeviceId) -> Result<Option<Arc<Asking>>, EngineError> {
        let asking = self.asking(device).await?;
        Ok(asking.capabilities().label_edits.then_some(asking))
    }

    /// The same for a label of the phone's. Where the gateway lists them and changes none, a change here would not last.
    async fn asks_for_label(&self, device: DeviceId) -> Result<Option<Arc<Asking>>, EngineError> {
        let asking = self.asking(device).await?;
        match (asking.capabilities().label_edits, asking.capabilities().labels) {
            (true, _) => Ok(Some(asking)),
            (false, true) => Err(EngineError::NotOffered),
            (false, false) => Ok(None),
        }
    }
}
