//! What a gateway tells a second time of a chat that was emptied or deleted since, and what it told of that too long ago.

use std::collections::BTreeMap;

use mostrador_domain::{Address, DeviceId, UnixMillis};
use rusqlite::Connection;

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
        let gone = went
            && !(message.from_me && unsettled)
            && !is_here(writing, device, &message.chat, &message.gateway_id)?;
        stay.push(!gone);
    }
    let before = events.messages.len();
    let mut stays = stay.into_iter();
    events.messages.retain(|_| stays.next().unwrap_or(true));
    Ok(u32::try_from(before - events.messages.len()).unwrap_or(u32::MAX))
}

/// Takes those chats out of what a gateway told at that time, and says how many, that are said to be emptied or deleted and hold what was
/// written since: of that nobody has said that it went. Somebody may look at what is left too long; what went is nowhere.
///
/// # Errors
/// The file's.
pub fn leave_emptyings(
    writing: &Writing<'_>,
    device: DeviceId,
    events: &mut Events,
    told_at: UnixMillis,
) -> Result<u32, StoreError> {
    let before = events.emptied.len();
    let mut stay = Vec::with_capacity(before);
    for emptied in std::mem::take(&mut events.emptied) {
        if !chat::holds_since(writing, device, &emptied.chat, told_at)? {
            stay.push(emptied);
        }
    }
    events.emptied = stay;
    Ok(u32::try_from(before - events.emptied.len()).unwrap_or(u32::MAX))
}

/// Is the message here that the gateway calls so, in the chat or in another one with the same person?
///
/// # Errors
/// The file's.
pub fn is_here(
    connection: &Connection,
    device: DeviceId,
    chat: &Address,
    gateway_id: &str,
) -> Result<bool, StoreError> {
    for chat in person::chats_of(connection, device, chat)? {
        if known_in(connection, chat, gateway_id)?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}
