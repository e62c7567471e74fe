//! What a message answers, whom it names, whether it was sent on. It stands beside the message or inside its content.

use mostrador_domain::MessageContext;

use super::{content, key};
use crate::fields::Fields;

/// What the message refers to.
pub(super) fn of(envelope: Fields<'_>, content: Option<Fields<'_>>) -> MessageContext {
    let inside = content.and_then(|content| content.object("contextInfo"));
    let Some(told) = inside.or_else(|| envelope.object("contextInfo")) else {
        return MessageContext::default();
    };
    MessageContext {
        quoted: told.string("stanzaId"),
        quoted_text: told.object("quotedMessage").and_then(content::words),
        forwarded: told.flag("isForwarded") == Some(true) || told.number("forwardingScore") > Some(0.0),
        mentions: told
            .texts("mentionedJid")
            .filter(|text| !text.is_empty())
            .map(key::address)
            .collect(),
        ..MessageContext::default()
    }
}
