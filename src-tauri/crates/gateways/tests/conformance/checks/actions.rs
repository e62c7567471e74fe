//! What is done to messages and chats after the fact; each thing is done twice, because all of it is absolute.

use mostrador_domain::{Address, ChatSnapshot, Inbound, UnixMillis};
use mostrador_gateways::{ChatActions, DisappearAfter, Effect, MessageActions, PinFor};
use mostrador_sandbox::Effect as Reached;

use crate::harness::{Dialect, Shop};

fn on_messages(shop: &Shop) -> Option<&dyn MessageActions> {
    shop.link.message_actions()
}

fn on_chats(shop: &Shop) -> Option<&dyn ChatActions> {
    shop.link.chat_actions()
}

/// What reached the customer beside messages: what, and its words.
fn effects(shop: &Shop) -> Vec<(Reached, Option<String>)> {
    shop.got()
        .into_iter()
        .filter(|entry| entry.effect != Reached::Message)
        .map(|entry| (entry.effect, entry.body))
        .collect()
}

pub(crate) async fn an_edit_gives_the_customer_other_words(dialect: &'static Dialect) {
    let shop = Shop::linked(dialect).await;
    let Some(actions) = on_messages(&shop) else {
        return;
    };
    let chat = Address::parse(&shop.customer());
    let sent = shop.send("a las ocho").await.expect("the gateway takes it");
    for _ in 0..2 {
        let edited = actions.edit(&chat, &sent.gateway_id, "a las nueve").await;
        assert_eq!(
            edited,
            Ok(Effect::Done),
            "the words are changed, or are so already"
        );
    }
    let got = shop.got();
    let messages = got
        .iter()
        .filter(|entry| entry.effect == Reached::Message)
        .count();
    assert_eq!(messages, 1, "an edit is no second message");
    let last = got.last().expect("something arrived");
    assert_eq!(
        (last.effect, last.body.as_deref()),
        (Reached::Edit, Some("a las nueve")),
        "the customer reads the new words"
    );
}

pub(crate) async fn a_deletion_takes_the_message_back(dialect: &'static Dialect) {
    let shop = Shop::linked(dialect).await;
    let Some(actions) = on_messages(&shop) else {
        return;
    };
    let chat = Address::parse(&shop.customer());
    let sent = shop.send("me equivoqué").await.expect("the gateway takes it");
    let deleted = actions.delete(&chat, &sent.gateway_id).await;
    assert_eq!(deleted, Ok(Effect::Done), "it is taken back");
    let again = actions.delete(&chat, &sent.gateway_id).await;
    assert!(again.is_ok(), "taking it back again does no harm: {again:?}");
    let kinds: Vec<_> = effects(&shop).into_iter().map(|(effect, _)| effect).collect();
    assert!(
        !kinds.is_empty() && kinds.iter().all(|kind| *kind == Reached::Deletion),
        "the customer does not have it any more: {kinds:?}"
    );
}

pub(crate) async fn a_reaction_is_given_changed_and_taken_back(dialect: &'static Dialect) {
    let shop = Shop::linked(dialect).await;
    let Some(actions) = on_messages(&shop) else {
        return;
    };
    let chat = Address::parse(&shop.customer());
    let asked = shop
        .sandbox
        .write_as(&shop.customer(), "gracias")
        .expect("the customer writes");
    for emoji in [Some("🍞"), Some("🍞"), Some("❤️"), None, None] {
        let reacted = actions.react(&chat, &asked, emoji).await;
        assert_eq!(reacted, Ok(Effect::Done), "{emoji:?} is our reaction now");
    }
    let seen = effects(&shop);
    assert!(
        seen.iter().all(|(effect, _)| *effect == Reached::Reaction),
        "only reactions: {seen:?}"
    );
    let last = seen
        .last()
        .and_then(|(_, emoji)| emoji.clone())
        .unwrap_or_default();
    assert_eq!(last, "", "in the end there is none");
    assert!(
        seen.iter().any(|(_, emoji)| emoji.as_deref() == Some("❤️")),
        "it was changed once"
    );
}

pub(crate) async fn stars_and_pins_are_set_and_taken_off(dialect: &'static Dialect) {
    let shop = Shop::linked(dialect).await;
    let Some(actions) = on_messages(&shop) else {
        return;
    };
    let chat = Address::parse(&shop.customer());
    let asked = shop
        .sandbox
        .write_as(&shop.customer(), "mi dirección")
        .expect("the customer writes");
    for starred in [true, true, false, false] {
        assert_eq!(
            actions.star(&chat, &asked, starred).await,
            Ok(Effect::Done),
            "starred: {starred}"
        );
    }
    for time in [
        Some(PinFor::Day),
        Some(PinFor::Week),
        Some(PinFor::Month),
        None,
        None,
    ] {
        assert_eq!(
            actions.pin(&chat, &asked, time).await,
            Ok(Effect::Done),
            "pinned: {time:?}"
        );
    }
    let seen = effects(&shop);
    assert!(!seen.is_empty(), "a pin is for everybody in the chat");
    assert!(
        seen.iter().all(|(effect, _)| *effect == Reached::Pin),
        "a star is ours alone: {seen:?}"
    );
}

pub(crate) async fn nothing_is_done_to_a_message_that_is_not_there(dialect: &'static Dialect) {
    let shop = Shop::linked(dialect).await;
    let Some(actions) = on_messages(&shop) else {
        return;
    };
    let chat = Address::parse(&shop.customer());
    let id = "Nobody.00-00000000";
    let offers = shop.link.capabilities().actions;
    let told = [
        ("edit", offers.edit, actions.edit(&chat, id, "x").await),
        ("delete", offers.delete, actions.delete(&chat, id).await),
        ("react", offers.react, actions.react(&chat, id, Some("🍞")).await),
        ("star", offers.star, actions.star(&chat, id, true).await),
        ("pin", offers.pin, actions.pin(&chat, id, Some(PinFor::Day)).await),
        ("unpin", offers.pin, actions.pin(&chat, id, None).await),
    ];
    for (action, _, told) in told.into_iter().filter(|(_, offered, _)| *offered) {
        assert_eq!(told, Ok(Effect::NothingThere), "{action}: and it is no failure");
    }
    assert_eq!(shop.sandbox.ledger(), [], "nobody got anything");
}

async fn snapshot(shop: &Shop, chat: &Address) -> Option<ChatSnapshot> {
    let chats = shop.link.chats().expect("it lists chats");
    let page = chats.page(0, 100).await.expect("the gateway answers");
    page.items.into_iter().find_map(|item| match item {
        Inbound::Chat(snapshot) if snapshot.chat == *chat => Some(snapshot),
        _ => None,
    })
}

/// Sets one mark of a chat, where it is offered.
macro_rules! set {
    ($offered:expr, $call:expr, $what:literal) => {
        if $offered {
            assert_eq!($call.await, Ok(Effect::Done), $what);
        }
    };
}

pub(crate) async fn what_is_done_to_a_chat_shows_in_the_list(dialect: &'static Dialect) {
    let shop = Shop::linked(dialect).await;
    let Some(actions) = on_chats(&shop) else {
        return;
    };
    let offers = shop.link.capabilities().chats;
    let chat = Address::parse(&shop.customer());
    shop.sandbox
        .write_as(&shop.customer(), "hola")
        .expect("the customer writes");
    let for_ever = UnixMillis(i64::MAX);
    for _ in 0..2 {
        set!(offers.archive, actions.archive(&chat, true), "archived");
        set!(offers.pin, actions.pin(&chat, true), "pinned");
        set!(offers.mute, actions.mute(&chat, for_ever), "muted");
        set!(offers.mark_unread, actions.mark_unread(&chat), "unread");
    }
    let now = snapshot(&shop, &chat).await.expect("it is in the list");
    assert_eq!(now.archived, Some(offers.archive), "put away");
    assert_eq!(now.pinned, Some(offers.pin), "at the top");
    if offers.mute {
        assert_eq!(
            now.muted_until,
            Some(for_ever),
            "for ever is for ever, there and back"
        );
    }
    assert!(now.unread > Some(0), "it counts as unread");

    let until = UnixMillis(4_000_000_000_000);
    set!(offers.mute, actions.mute(&chat, until), "until a day");
    set!(offers.archive, actions.archive(&chat, false), "taken out");
    set!(offers.pin, actions.pin(&chat, false), "let go");
    let now = snapshot(&shop, &chat).await.expect("it is in the list");
    assert_eq!(
        (now.archived, now.pinned),
        (Some(false), Some(false)),
        "as it was"
    );
    if offers.mute {
        assert_eq!(now.muted_until, Some(until), "the same moment, in milliseconds");
        set!(true, actions.mute(&chat, UnixMillis(0)), "it sounds again");
        let now = snapshot(&shop, &chat).await.expect("it is in the list");
        assert_eq!(now.muted_until, Some(UnixMillis(0)), "not muted");
    }
}

pub(crate) async fn messages_may_disappear_after_each_time_that_whatsapp_offers(dialect: &'static Dialect) {
    let shop = Shop::linked(dialect).await;
    let Some(actions) = on_chats(&shop) else {
        return;
    };
    let chat = Address::parse(&shop.customer());
    let times = [
        Some(DisappearAfter::Day),
        Some(DisappearAfter::Week),
        Some(DisappearAfter::Quarter),
        None,
        None,
    ];
    for time in times {
        assert_eq!(
            actions.disappearing(&chat, time).await,
            Ok(Effect::Done),
            "{time:?} is taken"
        );
    }
}

pub(crate) async fn a_chat_that_was_deleted_is_gone_and_one_that_never_was_is_no_failure(
    dialect: &'static Dialect,
) {
    let shop = Shop::linked(dialect).await;
    let Some(actions) = on_chats(&shop) else {
        return;
    };
    let chat = Address::parse(&shop.customer());
    shop.sandbox
        .write_as(&shop.customer(), "hola")
        .expect("the customer writes");
    assert_eq!(actions.delete(&chat).await, Ok(Effect::Done), "it is deleted");
    assert_eq!(
        snapshot(&shop, &chat).await,
        None,
        "it is not in the list any more"
    );
    assert_eq!(
        actions.delete(&chat).await,
        Ok(Effect::NothingThere),
        "again does no harm"
    );
    let stranger = Address::parse("51900009998");
    assert_eq!(
        actions.delete(&stranger).await,
        Ok(Effect::NothingThere),
        "there is no such chat"
    );
}
