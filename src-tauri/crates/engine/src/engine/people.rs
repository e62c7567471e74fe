//! People: numbers that are looked up, the number's own profile, who is here now, groups.

use mostrador_domain::{Address, ChatId, DeviceId, Inbound, MediaId, MediaKind, PresenceUpdate, UnixMillis};
use mostrador_gateways::{Doing, Effect, NumberVerdict, OwnProfile};
use mostrador_store::StoreError;
use mostrador_store::tables::chat::{self, ChatRow};
use mostrador_store::tables::group::{self, GroupRow, MemberRow};
use mostrador_store::tables::ingest::Origin;
use mostrador_store::tables::number_check;

use super::Engine;
use crate::EngineError;
use crate::media::largest_of;
use crate::session::Asking;

/// For how long it holds that a number is on WhatsApp: hardly anybody leaves.
pub(crate) const FRESH_IF_THERE: std::time::Duration = std::time::Duration::from_secs(30 * 24 * 3_600);
/// For how long it holds that it is not: it may be any day.
pub(crate) const FRESH_IF_NOT: std::time::Duration = std::time::Duration::from_secs(24 * 3_600);

/// What is known of a number.
#[derive(Clone, PartialEq, Eq)]
pub struct NumberCheck {
    /// Its digits.
    pub digits: String,
    /// Whether it is on WhatsApp.
    pub said: NumberSaid,
    /// When the gateway said so.
    pub at: UnixMillis,
}

/// Whether a number is on WhatsApp.
#[derive(Clone, PartialEq, Eq)]
pub enum NumberSaid {
    /// It is, at this address.
    There(Address),
    /// It is not.
    NotThere,
    /// The gateway did not say.
    NotTold,
}

/// What is to be changed about the number's own profile; `None` = it stays.
#[derive(Default)]
pub struct ProfileChange {
    /// Its name.
    pub name: Option<String>,
    /// The words below it.
    pub about: Option<String>,
    /// Its picture: a file that is here.
    pub picture: Option<MediaId>,
}

impl Engine {
    /// Which of these numbers (digits alone) are on WhatsApp, each once, in their order. What was said lately is not asked for
    /// again; the rest is asked for in batches, and what one batch has brought is kept whatever becomes of the next.
    ///
    /// # Errors
    /// Not found, not offered, the gateway's.
    pub async fn check_numbers(
        &self,
        id: DeviceId,
        numbers: Vec<String>,
    ) -> Result<Vec<NumberCheck>, EngineError> {
        let asking = self.asking(id).await?;
        let most = asking
            .capabilities()
            .number_check
            .ok_or(EngineError::NotOffered)?;
        let now = self.shared.clock.now();
        let mut checks = self.known_numbers(id, numbers, now).await?;
        let unknown: Vec<usize> = (0..checks.len())
            .filter(|at| checks[*at].said == NumberSaid::NotTold)
            .collect();
        for batch in unknown.chunks(usize::try_from(most).unwrap_or(1).max(1)) {
            let digits: Vec<String> = batch.iter().map(|at| checks[*at].digits.clone()).collect();
            let said = self.ask_numbers(id, &asking, &digits).await?;
            for (at, said) in batch.iter().zip(said) {
                checks[*at].said = said;
            }
        }
        Ok(checks)
    }

    /// What is here of these numbers and not too old; the others are not told yet.
    async fn known_numbers(
        &self,
        id: DeviceId,
        numbers: Vec<String>,
        now: UnixMillis,
    ) -> Result<Vec<NumberCheck>, EngineError> {
        let read = self.shared.store.read(move |connection| {
            let mut checks = Vec::with_capacity(numbers.len());
            for digits in numbers {
                let kept = number_check::get(connection, id, &digits)?;
                let fresh = kept.filter(|row| {
                    let holds = if row.address.is_some() {
                        FRESH_IF_THERE
                    } else {
                        FRESH_IF_NOT
                    };
                    now.since(row.checked_at) < holds
                });
                checks.push(match fresh {
                    None => NumberCheck {
                        digits,
                        said: NumberSaid::NotTold,
                        at: now,
                    },
                    Some(row) => NumberCheck {
                        digits,
                        said: row.address.map_or(NumberSaid::NotThere, NumberSaid::There),
                        at: row.checked_at,
                    },
                });
            }
            Ok(checks)
        });
        Ok(read.await?)
    }

    /// Asks the gateway about numbers, as many as it takes at once, and keeps what it says.
    pub(crate) async fn ask_numbers(
        &self,
        id: DeviceId,
        asking: &Asking,
        digits: &[String],
    ) -> Result<Vec<NumberSaid>, EngineError> {
        let contacts = asking.link().contacts().ok_or(EngineError::NotOffered)?;
        let verdicts = asking.check(contacts.check(digits)).await?;
        let said: Vec<NumberSaid> = verdicts
            .into_iter()
            .map(|verdict| match verdict {
                NumberVerdict::OnWhatsApp(address) => NumberSaid::There(address),
                NumberVerdict::NotOnWhatsApp => NumberSaid::NotThere,
                NumberVerdict::NotTold => NumberSaid::NotTold,
            })
            .collect();
        let (kept, now) = (
            digits.iter().cloned().zip(said.clone()).collect::<Vec<_>>(),
            self.shared.clock.now(),
        );
        self.shared
            .store
            .write(move |writing| {
                for (digits, said) in &kept {
                    match said {
                        NumberSaid::There(address) => {
                            number_check::keep(writing, id, digits, Some(address), now)?
                        }
                        NumberSaid::NotThere => number_check::keep(writing, id, digits, None, now)?,
                        NumberSaid::NotTold => {}
                    }
                }
                Ok(())
            })
            .await?;
        Ok(said)
    }

    /// The profile of the linked number.
    ///
    /// # Errors
    /// Not found, not offered, the gateway's.
    pub async fn profile(&self, id: DeviceId) -> Result<OwnProfile, EngineError> {
        let asking = self.asking(id).await?;
        let profile = asking.link().profile().ok_or(EngineError::NotOffered)?;
        asking.ask(profile.get()).await
    }

    /// Changes the profile of the linked number: name, then words, then picture. What comes before a failure holds.
    ///
    /// # Errors
    /// Not found, not offered, a picture that is not here or none, the gateway's.
    pub async fn change_profile(&self, id: DeviceId, change: ProfileChange) -> Result<(), EngineError> {
        let asking = self.asking(id).await?;
        let profile = asking.link().profile().ok_or(EngineError::NotOffered)?;
        let picture = match change.picture {
            None => None,
            Some(file) => Some(self.portrait(file).await?),
        };
        if let Some(name) = &change.name {
            asking.ask(profile.set_name(name)).await?;
        }
        if let Some(about) = &change.about {
            asking.ask(profile.set_about(about)).await?;
        }
        if let Some((mime, bytes)) = &picture {
            asking.ask(profile.set_picture(mime, bytes)).await?;
        }
        Ok(())
    }

    /// A picture that a person can have, with its type.
    async fn portrait(&self, file: MediaId) -> Result<(String, Vec<u8>), EngineError> {
        let (row, sha256) = self.ready(file).await?;
        if !matches!(row.mime.as_str(), "image/jpeg" | "image/png") {
            return Err(EngineError::MediaUnsupported);
        }
        let bytes = row.bytes.and_then(|bytes| u64::try_from(bytes).ok());
        if bytes.is_some_and(|bytes| bytes > largest_of(MediaKind::Image)) {
            return Err(EngineError::MediaTooLarge);
        }
        Ok((row.mime, self.shared.media.get(&sha256).await?))
    }

    /// Shows the number as being here, or not. It ends with the program at the latest.
    ///
    /// # Errors
    /// Not found, not offered, the gateway's.
    pub async fn set_presence(&self, id: DeviceId, available: bool) -> Result<(), EngineError> {
        let asking = self.asking(id).await?;
        let presence = asking.link().presence();
        let presence = presence
            .filter(|_| asking.capabilities().presence)
            .ok_or(EngineError::NotOffered)?;
        if available {
            // Before it is: whoever stops the program meanwhile must know of it.
            asking.is_shown(true);
        }
        asking.ask(presence.set_own(available)).await?;
        asking.is_shown(available);
        Ok(())
    }

    /// Shows in a chat that somebody writes or records here, or does so no longer. Not where the plan counts calls of any kind: they are
    /// for messages.
    ///
    /// # Errors
    /// Not found, not offered, the gateway's.
    pub async fn show_doing(&self, id: ChatId, doing: Doing) -> Result<(), EngineError> {
        let chat = self.chat_row(id).await?;
        let asking = self.asking(chat.device).await?;
        let presence = asking.link().presence();
        let presence = presence
            .filter(|_| asking.capabilities().typing && !asking.are_calls_counted())
            .ok_or(EngineError::NotOffered)?;
        there(asking.ask(presence.show(&chat.address, doing)).await?)
    }

    /// What the customer of a chat does now, if the gateway says; from now on it tells when that changes.
    ///
    /// # Errors
    /// Not found, not offered (a group has no presence), the gateway's.
    pub async fn presence_of(&self, id: ChatId) -> Result<Option<PresenceUpdate>, EngineError> {
        let chat = self.chat_row(id).await?;
        let asking = self.asking(chat.device).await?;
        let presence = asking.link().presence();
        let presence = presence
            .filter(|_| asking.capabilities().presence)
            .ok_or(EngineError::NotOffered)?;
        if chat.kind != mostrador_domain::ChatKind::Person {
            return Err(EngineError::NotOffered);
        }
        there(asking.ask(presence.watch(&chat.address)).await?)?;
        asking.ask(presence.of(&chat.address)).await
    }

    /// A group and who is in it. One of which nobody has told yet who is in it is asked for: who is known may have come into it since.
    ///
    /// # Errors
    /// Not found (also a chat that is no group), the gateway's.
    pub async fn group(&self, id: ChatId) -> Result<(ChatRow, GroupRow, Vec<MemberRow>), EngineError> {
        let known = self.known_group(id).await?;
        if known.1.members_told {
            return Ok(known);
        }
        match self.ask_who_is_in(&known.0).await {
            Ok(()) => self.known_group(id).await,
            Err(EngineError::NotOffered) => Ok(known),
            // Those who are known are shown.
            Err(_) if !known.2.is_empty() => Ok(known),
            Err(error) => Err(error),
        }
    }

    /// Sees to it that all who are in a group are known: one that nobody has opened yet is asked for.
    ///
    /// # Errors
    /// Not found; [`EngineError::NotOffered`] where nobody tells who is in it; what the gateway answers.
    pub async fn whole_group(&self, id: ChatId) -> Result<(), EngineError> {
        let known = self.known_group(id).await?;
        if !known.1.members_told {
            self.ask_who_is_in(&known.0).await?;
        }
        match self.known_group(id).await?.1.members_told {
            true => Ok(()),
            false => Err(EngineError::NotOffered),
        }
    }

    async fn ask_who_is_in(&self, group: &ChatRow) -> Result<(), EngineError> {
        let asking = self.asking(group.device).await?;
        let groups = asking.link().groups().ok_or(EngineError::NotOffered)?;
        let told = asking.ask(groups.one(&group.address)).await?;
        let events = vec![Inbound::Group(told.ok_or(EngineError::NotOffered)?)];
        self.shared
            .ingest
            .take(group.device, events, Origin::History)
            .await?;
        Ok(())
    }

    async fn known_group(&self, id: ChatId) -> Result<(ChatRow, GroupRow, Vec<MemberRow>), EngineError> {
        let read = self.shared.store.read(move |connection| {
            Ok((
                chat::get(connection, id)?,
                group::get(connection, id)?,
                group::members(connection, id)?,
            ))
        });
        Ok(read.await?)
    }

    pub(super) async fn chat_row(&self, id: ChatId) -> Result<ChatRow, EngineError> {
        let read = self
            .shared
            .store
            .read(move |connection| chat::get(connection, id));
        Ok(read.await?)
    }
}

/// What it should be done to is there.
pub(super) fn there(effect: Effect) -> Result<(), EngineError> {
    match effect {
        Effect::Done => Ok(()),
        Effect::NothingThere => Err(StoreError::not_found().into()),
    }
}
