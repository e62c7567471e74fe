//! What a message refers to: the message that it answers, who is named in it, where it comes from, who reacted.
//!
//! Reactions told inside a message have an emoji, an id and a group key; whose they are is not documented. One is taken
//! only where a number says so: a `from`, an `id` that is a number, or, in a chat of two, a group key that is the other
//! person's. The others come as events of their own anyway.

use mostrador_domain::{Address, MessageContext};

use super::super::fields::Fields;
use super::content;
use super::message::{Envelope, person};

/// What the message refers to.
pub(super) fn of(message: Fields<'_>, envelope: &Envelope) -> MessageContext {
    let context = message.object("context");
    let told = |field: &str| context.and_then(|context| context.string(field));
    let forwarded = context.is_some_and(|context| {
        context.flag("forwarded") == Some(true) || context.number("forwarding_score") > Some(0.0)
    });
    MessageContext {
        quoted: told("quoted_id"),
        quoted_text: context
            .and_then(|context| context.object("quoted_content"))
            .and_then(content::words),
        forwarded,
        mentions: mentions(context),
        edited_at: message.time("edited_at"),
        starred: message.flag("starred"),
        by_program: envelope.from_me && matches!(message.text("source"), Some("api" | "system")),
        reactions: message
            .objects("reactions")
            .filter_map(|reaction| reaction_of(reaction, envelope))
            .collect(),
    }
}

fn mentions(context: Option<Fields<'_>>) -> Vec<Address> {
    context.map_or_else(Vec::new, |context| {
        context
            .texts("mentions")
            .filter(|text| !text.is_empty())
            .map(Address::parse)
            .collect()
    })
}

fn reaction_of(reaction: Fields<'_>, envelope: &Envelope) -> Option<(Option<Address>, String)> {
    let emoji = reaction.string("emoji")?;
    if reaction.flag("from_me") == Some(true) {
        return Some((None, emoji));
    }
    let theirs = envelope.chat.as_str().split('@').next();
    let who = reaction
        .text("from")
        .or_else(|| reaction.text("id").filter(|id| is_number(id)))
        .or_else(|| reaction.text("group_key").filter(|key| Some(*key) == theirs))?;
    Some((Some(person(who, &envelope.chat)), emoji))
}

/// The documented pattern of a person's id.
fn is_number(id: &str) -> bool {
    let (digits, suffix) = id.split_once('@').unwrap_or((id, ""));
    (7..=15).contains(&digits.len())
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && matches!(suffix, "" | "lid" | "s.whatsapp.net")
}
