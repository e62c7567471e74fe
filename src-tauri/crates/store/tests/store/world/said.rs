//! What a gateway says, in few words: `text(1, "m1").at(5)` is a message of customer 1.

use mostrador_domain::{
    Address, DeliveryStatus, Inbound, InboundMessage, MediaBody, MediaKind, MediaRef, MessageBody,
    MessageChange, MessageChangeKind, MessageContext, StatusKind, StatusUpdate, UnixMillis,
};

use super::at;

/// The address of an invented customer.
pub(crate) fn customer(number: u32) -> Address {
    Address::parse(&format!("519000000{number:02}"))
}

/// A message under construction.
#[derive(Clone)]
pub(crate) struct Said(InboundMessage);

/// A text of customer `number` under `gateway_id`, at noon.
pub(crate) fn text(number: u32, gateway_id: &str) -> Said {
    Said(InboundMessage {
        gateway_id: gateway_id.into(),
        chat: customer(number),
        chat_name: None,
        sender: Some(customer(number)),
        sender_name: None,
        from_me: false,
        at: at(0),
        body: MessageBody::Text(format!("texto {gateway_id}")),
        status: None,
        context: MessageContext::default(),
    })
}

/// A picture of customer `number`.
pub(crate) fn image(number: u32, gateway_id: &str) -> Said {
    text(number, gateway_id).body(MessageBody::Media(MediaBody {
        kind: MediaKind::Image,
        caption: None,
        file: MediaRef {
            gateway_ref: format!("ref-{gateway_id}"),
            mime: "image/jpeg".into(),
            ..MediaRef::default()
        },
    }))
}

impl Said {
    pub(crate) fn at(mut self, seconds: i64) -> Self {
        self.0.at = at(seconds);
        self
    }

    pub(crate) fn body(mut self, body: MessageBody) -> Self {
        self.0.body = body;
        self
    }

    pub(crate) fn words(self, words: &str) -> Self {
        self.body(MessageBody::Text(words.into()))
    }

    /// Written by the linked number.
    pub(crate) fn ours(mut self) -> Self {
        self.0.from_me = true;
        self.0.sender = None;
        self
    }

    /// Sent by a program, as far as that is told.
    pub(crate) fn by_program(mut self) -> Self {
        self.0.context.by_program = true;
        self
    }

    pub(crate) fn status(mut self, status: DeliveryStatus) -> Self {
        self.0.status = Some(status);
        self
    }

    pub(crate) fn in_chat(mut self, chat: Address) -> Self {
        self.0.chat = chat;
        self
    }

    pub(crate) fn chat_name(mut self, name: &str) -> Self {
        self.0.chat_name = Some(name.into());
        self
    }

    pub(crate) fn by(mut self, sender: Address) -> Self {
        self.0.sender = Some(sender);
        self
    }

    pub(crate) fn sender_name(mut self, name: &str) -> Self {
        self.0.sender_name = Some(name.into());
        self
    }

    /// What it answers, whom it names and the like.
    pub(crate) fn context(mut self, context: MessageContext) -> Self {
        self.0.context = context;
        self
    }

    pub(crate) fn event(self) -> Inbound {
        Inbound::Message(Box::new(self.0))
    }
}

impl From<Said> for Vec<Inbound> {
    fn from(said: Said) -> Self {
        vec![said.event()]
    }
}

/// A receipt.
pub(crate) fn reached(gateway_id: &str, status: StatusKind, when: UnixMillis) -> Inbound {
    Inbound::Status(StatusUpdate {
        gateway_id: gateway_id.into(),
        chat: None,
        member: None,
        status,
        at: when,
    })
}

/// A group in which customers are.
pub(crate) fn group() -> Address {
    Address::parse("120363000000000001@g.us")
}

/// A message of ours to the group.
pub(crate) fn to_group(gateway_id: &str) -> Said {
    text(1, gateway_id).ours().in_chat(group())
}

/// A receipt of a message to the group that is about one of its members, so many seconds after noon.
pub(crate) fn by_member(member: &Address, gateway_id: &str, status: DeliveryStatus, seconds: i64) -> Inbound {
    Inbound::Status(StatusUpdate {
        gateway_id: gateway_id.into(),
        chat: Some(group()),
        member: Some(member.clone()),
        status: StatusKind::Reached(status),
        at: at(seconds),
    })
}

/// A receipt of delivery.
pub(crate) fn delivered(gateway_id: &str, when: UnixMillis) -> Inbound {
    reached(gateway_id, StatusKind::Reached(DeliveryStatus::Delivered), when)
}

/// Customer `by` does something to the message `gateway_id` of the chat with customer 1, so many seconds after noon.
pub(crate) fn done(by: u32, gateway_id: &str, seconds: i64, what: MessageChangeKind) -> Inbound {
    Inbound::Change(MessageChange {
        chat: Some(customer(1)),
        gateway_id: gateway_id.into(),
        by: Some(customer(by)),
        at: at(seconds),
        what,
    })
}

/// An edit into these words.
pub(crate) fn edited(words: &str) -> MessageChangeKind {
    MessageChangeKind::Edited(MessageBody::Text(words.into()))
}

/// A reaction; no emoji = taken back.
pub(crate) fn reaction(emoji: &str) -> MessageChangeKind {
    MessageChangeKind::Reaction((!emoji.is_empty()).then(|| emoji.into()))
}
