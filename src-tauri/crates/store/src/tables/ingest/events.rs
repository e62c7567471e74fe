//! What a gateway told, by kind.

#![allow(
    clippy::vec_box,
    reason = "they come in boxes, and a box is moved by its eight bytes when they are sorted"
)]

use mostrador_domain::{
    Address, CallUpdate, ChatSnapshot, ContactSnapshot, DeviceId, GroupSnapshot, Inbound, InboundMessage,
    LabelSnapshot, LinkChange, MemberChange, MessageChange, PresenceUpdate, StatusUpdate,
};

use crate::tables::{group, label};
use crate::{StoreError, Writing};

/// What is taken in with one transaction: events by kind, messages by chat and time.
#[derive(Default)]
pub struct Events {
    pub(super) emptied: Vec<Emptied>,
    pub(super) same: Vec<(Address, Address)>,
    pub(super) chats: Vec<ChatSnapshot>,
    pub(super) contacts: Vec<ContactSnapshot>,
    pub(super) groups: Vec<GroupSnapshot>,
    pub(super) members: Vec<MemberChange>,
    pub(super) labels: Vec<LabelSnapshot>,
    pub(super) labels_gone: Vec<String>,
    pub(super) calls: Vec<CallUpdate>,
    pub(super) messages: Vec<Box<InboundMessage>>,
    pub(super) changes: Vec<MessageChange>,
    pub(super) statuses: Vec<StatusUpdate>,
    /// Told, never stored.
    pub(super) presences: Vec<PresenceUpdate>,
    pub(super) link: Vec<LinkChange>,
    pub(super) unknown: Vec<(String, String)>,
}

impl Events {
    pub(super) fn of_groups_and_labels(
        &self,
        writing: &mut Writing<'_>,
        device: DeviceId,
    ) -> Result<(), StoreError> {
        for said in &self.groups {
            group::told(writing, device, said)?;
        }
        for change in &self.members {
            group::changed(writing, device, change)?;
        }
        for said in &self.labels {
            label::told(writing, device, said)?;
        }
        for gateway_id in &self.labels_gone {
            label::gone(writing, device, gateway_id)?;
        }
        Ok(())
    }
}

/// A chat that was emptied, or deleted, on the phone.
pub(super) struct Emptied {
    pub(super) chat: Address,
    pub(super) gone: bool,
}

impl From<Vec<Inbound>> for Events {
    fn from(events: Vec<Inbound>) -> Self {
        let mut sorted = Self::by_kind(events);
        sorted
            .messages
            .sort_by(|a, b| (&a.chat, a.at).cmp(&(&b.chat, b.at)));
        sorted
    }
}

impl Events {
    /// Its messages, by chat and time.
    pub fn messages(&self) -> impl Iterator<Item = &InboundMessage> {
        self.messages.iter().map(Box::as_ref)
    }

    /// What was done to messages, in the order in which it was told.
    pub fn changes(&self) -> impl Iterator<Item = &MessageChange> {
        self.changes.iter()
    }

    /// Are there calls by telephone among them? No gateway lists those.
    pub fn has_calls(&self) -> bool {
        !self.calls.is_empty()
    }

    /// The number that it says is linked; the last one, if it says so of several.
    pub fn linked_as(&self) -> Option<&Address> {
        let mut told = self.link.iter().rev();
        told.find_map(|change| match change {
            LinkChange::Linked { own } => own.as_ref(),
            _ => None,
        })
    }

    /// By kind, messages as they came.
    pub(super) fn by_kind(events: Vec<Inbound>) -> Self {
        let mut sorted = Self::default();
        for event in events {
            match event {
                Inbound::ChatCleared { chat } => sorted.emptied.push(Emptied { chat, gone: false }),
                Inbound::ChatGone { chat } => sorted.emptied.push(Emptied { chat, gone: true }),
                Inbound::SamePerson { phone, lid } => sorted.same.push((phone, lid)),
                Inbound::Chat(said) => sorted.chats.push(said),
                Inbound::Contact(said) => sorted.contacts.push(said),
                Inbound::Group(said) => sorted.groups.push(said),
                Inbound::Member(change) => sorted.members.push(change),
                Inbound::Label(said) => sorted.labels.push(said),
                Inbound::Call(update) => sorted.calls.push(update),
                Inbound::LabelGone { gateway_id } => sorted.labels_gone.push(gateway_id),
                Inbound::Message(message) => sorted.messages.push(message),
                Inbound::Change(done) => sorted.changes.push(done),
                Inbound::Status(update) => sorted.statuses.push(update),
                Inbound::Link(change) => sorted.link.push(change),
                Inbound::Unknown { raw_kind, raw } => sorted.unknown.push((raw_kind, raw)),
                Inbound::Presence(update) => sorted.presences.push(update),
            }
        }
        sorted
    }
}
