//! What a gateway tells a second time of a chat that was emptied or deleted since.

use std::collections::BTreeMap;

use mostrador_domain::{DeviceId, InboundMessage, UnixMillis};

use super::Events;
use super::message::FAR;
use super::rows::known_in;
use crate::tables::{chat, outbox, person};
use crate::{StoreError, Writing};

/// Takes those messages out of a call that went with their chat before, and says how many. Not for what a gateway lists: that it
/// still has. What is here is told again as ever; so is what may be the echo of a message under way from here, which stayed.
///
/// # Errors
/// The file's.
pub fn leave_emptied(
    writing: &Writing<'_>,
    device: DeviceId,
    events: &mut Events,
    now: UnixMillis,
) -> Result<u32, StoreError> {
    if events.messages.is_empty() || !chat::any_emptied(writing, device)? {
        return Ok(0);
    }
    let unsettled = outbox::any_unsettled(writing, device)?;
    let mut known_until = BTreeMap::new();
    let mut stay = Vec::with_capacity(events.messages.len());
    for message in &events.messages {
        let until = match known_until.get(&message.chat) {
            Some(known) => *known,
            None => {
                let until = chat::emptied_until(writing, device, &message.chat)?;
                // A time far ahead is none: nothing would ever be heard of this chat again.
                let until = until.filter(|until| *until <= now.after(FAR));
                known_until.insert(message.chat.clone(), until);
                until
            }
        };
        let went = match until {
            Some(until) => chat::went_with(writing, (device, until), message)?,
            None => false,
        };
        let gone = went && !(message.from_me && unsettled) && !is_here(writing, device, message)?;
        stay.push(!gone);
    }
    let before = events.messages.len();
    let mut stays = stay.into_iter();
    events.messages.retain(|_| stays.next().unwrap_or(true));
    Ok(u32::try_from(before - events.messages.len()).unwrap_or(u32::MAX))
}

fn is_here(writing: &Writing<'_>, device: DeviceId, message: &InboundMessage) -> Result<bool, StoreError> {
    for chat in person::chats_of(writing, device, &message.chat)? {
        if known_in(writing, chat, &message.gateway_id)?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}
