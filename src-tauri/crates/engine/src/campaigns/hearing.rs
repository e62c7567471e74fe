//! What customers say about being written to, found in a batch before it is stored: reading words takes longer than the writer
//! should be held for.
//!
//! Only what a customer says in their own chat counts, and only live: in a group nobody speaks to the shop alone. They say it in a message,
//! in one that they word anew, or by what they choose in a poll. What is older than the number's first sync is left out by whoever stores it.

use mostrador_campaigns::opt_out::{Wish, wish};
use mostrador_domain::{ChatKind, InboundMessage, MessageBody, MessageChange, MessageChangeKind};
use mostrador_store::tables::campaign::opt_out::Heard;
use mostrador_store::tables::ingest::{Events, Origin};

/// The wishes in a batch, in the order of their chats and times.
pub(crate) fn wishes(batch: &Events, origin: Origin) -> Vec<Heard> {
    if origin != Origin::Live {
        return Vec::new();
    }
    let in_changes = batch.changes().filter_map(heard_in_change);
    batch.messages().filter_map(heard).chain(in_changes).collect()
}

fn heard(message: &InboundMessage) -> Option<Heard> {
    if message.from_me || ChatKind::of(&message.chat) != ChatKind::Person {
        return None;
    }
    let words = words(&message.body)?;
    Some(Heard {
        wish: wish(words)?,
        address: message.sender.clone().unwrap_or_else(|| message.chat.clone()),
        chat: message.chat.clone(),
        gateway_id: message.gateway_id.clone(),
        text: words.to_owned(),
        at: message.at,
    })
}

fn heard_in_change(change: &MessageChange) -> Option<Heard> {
    let (chat, by) = (change.chat.as_ref()?, change.by.as_ref()?);
    if ChatKind::of(chat) != ChatKind::Person {
        return None;
    }
    let (wish, text) = match &change.what {
        MessageChangeKind::Edited(body) => words(body).and_then(said)?,
        MessageChangeKind::Votes(options) => {
            let said: Vec<_> = options.iter().filter_map(|option| said(option)).collect();
            let plainly = said.iter().find(|(wish, _)| *wish == Wish::Certain);
            *plainly.or(said.first())?
        }
        _ => return None,
    };
    Some(Heard {
        wish,
        address: by.clone(),
        chat: chat.clone(),
        gateway_id: change.gateway_id.clone(),
        text: text.to_owned(),
        at: change.at,
    })
}

fn said(words: &str) -> Option<(Wish, &str)> {
    wish(words).map(|wish| (wish, words))
}

fn words(body: &MessageBody) -> Option<&str> {
    match body {
        MessageBody::Text(text) | MessageBody::LinkPreview { text, .. } => Some(text),
        // Our own picture, sent back with "no more of these" under it.
        MessageBody::Media(media) => media.caption.as_deref(),
        MessageBody::Notice(notice) => notice.text.as_deref(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use mostrador_domain::{Address, Inbound, MediaBody, MediaKind, MediaRef, MessageContext, UnixMillis};

    use super::*;

    fn said(chat: &str, from_me: bool, text: &str) -> Events {
        written(chat, from_me, MessageBody::Text(text.to_owned()))
    }

    fn written(chat: &str, from_me: bool, body: MessageBody) -> Events {
        let message = Inbound::Message(Box::new(InboundMessage {
            gateway_id: "m1".to_owned(),
            chat: Address::parse(chat),
            chat_name: None,
            sender: Some(Address::parse("51900000011")),
            sender_name: None,
            from_me,
            at: UnixMillis(7),
            body,
            status: None,
            context: MessageContext::default(),
        }));
        vec![message].into()
    }

    #[test]
    fn a_customers_own_words_are_heard() {
        let found = wishes(&said("51900000011", false, "BAJA"), Origin::Live);
        assert_eq!(found.len(), 1, "plain words");
        assert_eq!(
            (found[0].wish, found[0].at),
            (Wish::Certain, UnixMillis(7)),
            "with their proof"
        );
    }

    #[test]
    fn words_under_a_picture_are_heard_too() {
        let picture = |caption: Option<&str>| {
            let body = MessageBody::Media(MediaBody {
                kind: MediaKind::Image,
                caption: caption.map(str::to_owned),
                file: MediaRef::default(),
            });
            wishes(&written("51900000011", false, body), Origin::Live)
        };
        let found = picture(Some("No me manden más promociones"));
        assert_eq!(found.len(), 1, "they say so below what we sent them");
        assert_eq!(found[0].text, "No me manden más promociones", "with the proof");
        assert_eq!(picture(None), [], "a picture says nothing");
    }

    #[test]
    fn other_words_our_own_a_groups_and_old_ones_are_not() {
        for event in [
            said("51900000011", false, "¿tiene cómo parar el dolor?"),
            said("51900000011", true, "BAJA"),
            said("120363000000000001@g.us", false, "BAJA"),
        ] {
            assert_eq!(wishes(&event, Origin::Live), [], "nobody asks us to stop");
        }
        let old = wishes(&said("51900000011", false, "BAJA"), Origin::History);
        assert_eq!(old, [], "history is the past");
    }

    fn changed(by: Option<&str>, what: MessageChangeKind) -> Vec<Heard> {
        let change = Inbound::Change(MessageChange {
            chat: Some(Address::parse("51900000011")),
            gateway_id: "m1".to_owned(),
            by: by.map(Address::parse),
            at: UnixMillis(9),
            what,
        });
        wishes(&vec![change].into(), Origin::Live)
    }

    #[test]
    fn what_is_chosen_in_a_poll_is_heard() {
        let chosen = |by, options: &[&str]| {
            let options = options.iter().map(|option| (*option).to_owned()).collect();
            changed(by, MessageChangeKind::Votes(options))
        };
        let found = chosen(Some("51900000011"), &["Sí", "Dar de baja"]);
        assert_eq!(found.len(), 1, "once, whatever else was chosen");
        assert_eq!(
            (found[0].text.as_str(), found[0].at, found[0].gateway_id.as_str()),
            ("Dar de baja", UnixMillis(9), "m1"),
            "with its proof"
        );
        assert_eq!(chosen(Some("51900000011"), &["De yema"]), [], "a choice of bread");
        assert_eq!(chosen(None, &["Dar de baja"]), [], "our own");
        assert_eq!(chosen(Some("51900000011"), &[]), [], "taken back");
    }

    #[test]
    fn words_that_were_changed_are_heard_anew() {
        let edited =
            |by, text: &str| changed(by, MessageChangeKind::Edited(MessageBody::Text(text.to_owned())));
        assert_eq!(edited(Some("51900000011"), "BAJA").len(), 1, "they mean it now");
        assert_eq!(edited(None, "BAJA"), [], "our own");
        assert_eq!(edited(Some("51900000011"), "gracias"), [], "other words");
    }
}
