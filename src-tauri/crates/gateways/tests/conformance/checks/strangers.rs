//! A token that the gateway does not know, at every facet that a link may have beside the plain ones of `faults`.

use mostrador_domain::{Address, AuthLost, Failure};
use mostrador_gateways::{DeviceLink, Doing, Story, StoryAudience};

use crate::harness::{Dialect, Shop, patient};

type Told = (&'static str, Option<Failure>);

async fn at_messages(link: &dyn DeviceLink, chat: &Address) -> Vec<Told> {
    let mut told = Vec::new();
    let id = "Any.000001-000000";
    if let Some(actions) = link.message_actions() {
        told.push(("edit", actions.edit(chat, id, "x").await.err()));
        told.push(("delete", actions.delete(chat, id).await.err()));
    }
    let offers = link.capabilities().actions;
    if let Some(actions) = link.message_actions().filter(|_| offers.react) {
        told.push(("react", actions.react(chat, id, None).await.err()));
    }
    if let Some(actions) = link.message_actions().filter(|_| offers.star && offers.pin) {
        told.push(("star", actions.star(chat, id, true).await.err()));
        told.push(("pin", actions.pin(chat, id, None).await.err()));
    }
    if let Some(actions) = link.chat_actions() {
        told.push(("archive", actions.archive(chat, true).await.err()));
        told.push(("mark unread", actions.mark_unread(chat).await.err()));
    }
    let deletes = link.capabilities().chats.delete;
    if let Some(actions) = link.chat_actions().filter(|_| deletes) {
        told.push(("delete chat", actions.delete(chat).await.err()));
    }
    if let Some(uploads) = link.uploads() {
        told.push((
            "upload",
            uploads.upload("text/plain", &b"x".to_vec().into()).await.err(),
        ));
        told.push(("delete file", uploads.delete("txt-0-0").await.err()));
    }
    if let Some(stories) = link.stories() {
        let story = Story::Text {
            words: "x".to_owned(),
            background: None,
        };
        let published = stories.publish(&story, &StoryAudience::AsOnPhone).await;
        told.push(("story", published.err()));
    }
    told
}

async fn at_people(link: &dyn DeviceLink, chat: &Address) -> Vec<Told> {
    let mut told = Vec::new();
    if let Some(contacts) = link.contacts() {
        told.push(("contact", contacts.one(chat).await.err()));
        told.push(("check", contacts.check(&["51900000021".to_owned()]).await.err()));
    }
    if let Some(contacts) = link.contacts().filter(|_| link.capabilities().contacts) {
        told.push(("contacts", contacts.page(0, 5).await.err()));
    }
    if let Some(groups) = link.groups() {
        told.push(("groups", groups.page(0, 5).await.err()));
        told.push((
            "group",
            groups.one(&Address::parse("120363000000000021@g.us")).await.err(),
        ));
    }
    if let Some(labels) = link.labels() {
        told.push(("labels", labels.list().await.err()));
        told.push(("put label", labels.put("1", chat, true).await.err()));
    }
    if let Some(labels) = link.labels().filter(|_| link.capabilities().label_edits) {
        told.push(("label", labels.create("x", None).await.err()));
    }
    if let Some(profile) = link.profile() {
        told.push(("profile", profile.get().await.err()));
        told.push(("name", profile.set_name("Luna").await.err()));
    }
    if let Some(presence) = link.presence().filter(|_| link.capabilities().typing) {
        told.push(("show", presence.show(chat, Doing::Typing).await.err()));
    }
    if let Some(presence) = link.presence().filter(|_| link.capabilities().presence) {
        told.push(("own presence", presence.set_own(false).await.err()));
        told.push(("watch", presence.watch(chat).await.err()));
        told.push(("presence", presence.of(chat).await.err()));
    }
    told
}

async fn at_the_gateway(link: &dyn DeviceLink, own: &Address) -> Vec<Told> {
    let mut told = Vec::new();
    if let Some(settings) = link.settings() {
        told.push(("settings", settings.get().await.err()));
    }
    if let Some(limits) = link.limits() {
        told.push(("limits", limits.limits().await.err()));
    }
    if let Some(pairing) = link.pairing().filter(|_| link.capabilities().pairing.code) {
        told.push(("typed code", pairing.code_for_phone(own).await.err()));
    }
    told
}

pub(crate) async fn a_wrong_token_is_told_wherever_one_asks(dialect: &'static Dialect) {
    let shop = Shop::linked(dialect).await;
    let stranger = shop.reopened("nobody-knows-this-token", patient());
    let chat = Address::parse(&shop.customer());
    let mut told = at_messages(&*stranger, &chat).await;
    told.extend(at_people(&*stranger, &chat).await);
    told.extend(at_the_gateway(&*stranger, &chat).await);
    for (call, failure) in told {
        let lost = Failure::AuthLost {
            lost: AuthLost::Token,
        };
        assert_eq!(failure, Some(lost), "{call}: a person has to give another token");
    }
    assert_eq!(shop.sandbox.ledger(), [], "nobody got anything");
}
