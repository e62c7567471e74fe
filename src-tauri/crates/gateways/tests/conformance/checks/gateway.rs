//! The gateway's settings, the plan's limits, a webhook tried out, and that a link offers what it says.

use std::time::Duration;

use mostrador_domain::{Capabilities, Inbound};
use mostrador_gateways::{DeliverySettings, DeviceLink};

use crate::harness::{Dialect, Shop};
use crate::listener::Listener;

pub(crate) async fn a_link_offers_what_its_capabilities_say(dialect: &'static Dialect) {
    let shop = Shop::unlinked(dialect).await;
    let (link, has): (&dyn DeviceLink, &Capabilities) = (&*shop.link, shop.link.capabilities());
    let (actions, chats) = (has.actions, has.chats);
    let any_action = actions.edit || actions.delete || actions.react || actions.star || actions.pin;
    let any_chat_action =
        chats.mark_unread || chats.archive || chats.pin || chats.mute || chats.disappearing || chats.delete;
    let offers = [
        ("sending", has.send.text.is_some(), link.messaging().is_some()),
        ("message actions", any_action, link.message_actions().is_some()),
        ("chat actions", any_chat_action, link.chat_actions().is_some()),
        ("reading", chats.mark_read, link.read_state().is_some()),
        (
            "pairing",
            has.pairing.qr || has.pairing.code,
            link.pairing().is_some(),
        ),
        (
            "history",
            has.history,
            link.history().is_some() && link.chats().is_some(),
        ),
        ("groups", has.groups, link.groups().is_some()),
        ("labels", has.labels, link.labels().is_some()),
        ("blocks", has.blocks, link.blocks().is_some()),
        ("profile", has.profile, link.profile().is_some()),
        ("presence", has.presence || has.typing, link.presence().is_some()),
        ("stories", has.stories, link.stories().is_some()),
        ("settings", has.settings, link.settings().is_some()),
        ("limits", has.limits, link.limits().is_some()),
        (
            "contacts",
            has.contacts || has.number_check.is_some(),
            link.contacts().is_some(),
        ),
        ("webhooks", has.webhooks, link.webhooks().is_some()),
    ];
    for (what, said, there) in offers {
        assert_eq!(said, there, "{what}: the screens ask the capabilities");
    }
    assert_eq!(
        has.send.inline_up_to.is_some(),
        link.uploads().is_some(),
        "what does not travel inside its send has a way to the gateway"
    );
}

pub(crate) async fn settings_hold_and_leave_the_rest_alone(dialect: &'static Dialect) {
    let shop = Shop::linked(dialect).await;
    let Some(settings) = shop.link.settings() else {
        return;
    };
    let mut listener = Listener::start().await;
    listener.listen_to(&*shop.link).await;
    let wanted = DeliverySettings {
        keep_failed: Some(true),
        first_wait: Some(Duration::from_secs(4)),
        longest_wait: Some(Duration::from_secs(1_200)),
        full_history: Some(true),
    };
    for _ in 0..2 {
        assert_eq!(settings.change(&wanted).await, Ok(()), "it takes them");
    }
    assert_eq!(settings.get().await, Ok(wanted), "in our units, there and back");
    let id = shop
        .sandbox
        .write_as(&shop.customer(), "hola")
        .expect("the customer writes");
    let is_it = |said: &Inbound| matches!(said, Inbound::Message(message) if message.gateway_id == id);
    listener.until(&*shop.link, is_it).await;
}

pub(crate) async fn the_plan_has_limits_or_says_that_it_has_none(dialect: &'static Dialect) {
    let shop = Shop::linked(dialect).await;
    let Some(limits) = shop.link.limits() else {
        return;
    };
    let told = limits.limits().await;
    assert!(
        told.is_ok(),
        "either is an answer, and neither is a failure: {told:?}"
    );
}

pub(crate) async fn a_webhook_can_be_tried_out(dialect: &'static Dialect) {
    let shop = Shop::linked(dialect).await;
    let Some(webhooks) = shop.link.webhooks() else {
        return;
    };
    let mut listener = Listener::start().await;
    let target = listener.target("/hook/ours-secret");
    assert_eq!(webhooks.test(&target).await, Ok(()), "the gateway will call");
    let said = listener.until(&*shop.link, |_| true).await;
    let kept = |said: &Inbound| matches!(said, Inbound::Message(_) | Inbound::Chat(_) | Inbound::Contact(_));
    assert!(!said.iter().any(kept), "nothing invented is stored: {said:?}");
}
